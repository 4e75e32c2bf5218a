import type { Clock } from './clock.ts'
import { DEFAULT_CONFIG } from './config.ts'
import type { NodeCore } from './node-core.ts'
import { pick, type Random } from './random.ts'
import type { Channel } from './session/channel.ts'
import { Fanout } from './session/fanout.ts'
import type { Message } from './session/message.ts'
import { TopicIndex } from './session/topic-index.ts'

/** What a node is in an EMQX 5 cluster; 4.4 knows cores only. */
export type Role = 'core' | 'replicant'

export interface Member {
  name: string
  role: Role
  /** Undefined once the node has stopped; it stays listed until autoclean. */
  node: NodeCore | undefined
}

/** One EMQX cluster: its members, the registry of all sessions, routes and retained messages. */
export class Group {
  readonly members = new Map<string, Member>()
  readonly registry = new Map<string, Channel>()
  readonly retained = new Map<string, Message>()
  readonly topics: TopicIndex
  readonly fanout: Fanout
  readonly random: Random
  /** Tokens of dashboard users who have logged in (5.x). */
  readonly tokens = new Set<string>()
  /** The HOCON documents that make up the configuration, the later over the earlier (5.x). */
  readonly configs: string[] = [DEFAULT_CONFIG]
  /** Sets of pods of each role, in the order in which they appeared: a revision has one of cores and one of replicants. */
  readonly #generations: Record<Role, string[]> = { core: [], replicant: [] }
  readonly #clock: Clock
  #evacuationsStarted = 0

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.random = random
    this.topics = new TopicIndex(random)
    this.fanout = new Fanout(clock)
  }

  /** 0 for the set of this role that was there first. */
  generationOf(setName: string, role: Role): number {
    const sets = this.#generations[role]
    const known = sets.indexOf(setName)
    return known === -1 ? sets.push(setName) - 1 : known
  }

  join(node: NodeCore): void {
    this.members.set(node.name, { name: node.name, role: node.role, node })
  }

  leave(node: NodeCore): void {
    const member = this.members.get(node.name)
    if (member?.node !== node) return
    // A replicant that stops is forgotten at once: it has no part in the cluster's database.
    if (node.role === 'replicant') {
      this.members.delete(node.name)
      return
    }
    member.node = undefined
    this.#clock.after(node.version.autocleanMs, () => {
      if (member.node === undefined && this.members.get(node.name) === member) this.members.delete(node.name)
    })
  }

  running(): NodeCore[] {
    const nodes: NodeCore[] = []
    for (const { node } of this.members.values()) if (node !== undefined) nodes.push(node)
    return nodes
  }

  /** As 5.8 lists what it asks of every node: who joined last comes first. */
  newestFirst(): NodeCore[] {
    return this.running().reverse()
  }

  nodeNamed(name: string): NodeCore | undefined {
    return this.members.get(name)?.node
  }

  /** Running and not evacuating: what `migrate_to` may name. */
  available(name: string): NodeCore | undefined {
    const node = this.nodeNamed(name)
    return node?.evacuation.enabled === false ? node : undefined
  }

  /** Counts evacuations; returns how many there were before. */
  countEvacuation(): number {
    return this.#evacuationsStarted++
  }

  anyOf(nodes: readonly NodeCore[]): NodeCore | undefined {
    return pick(nodes, this.random)
  }
}
