import type { Clock } from './clock.ts'
import type { NodeCore } from './node-core.ts'
import { pick, type Random } from './random.ts'
import type { Channel } from './session/channel.ts'
import { Fanout } from './session/fanout.ts'
import type { Message } from './session/message.ts'
import { TopicIndex } from './session/topic-index.ts'

export interface Member {
  name: string
  /** Undefined once the node has stopped; it stays listed until autoclean. */
  node: NodeCore | undefined
}

/** `cluster.autoclean` of EMQX 4.4: a stopped node leaves the list after this long. */
const AUTOCLEAN_MS = 300_000

/** One EMQX cluster: its members, the registry of all sessions, routes and retained messages. */
export class Group {
  readonly members = new Map<string, Member>()
  readonly registry = new Map<string, Channel>()
  readonly retained = new Map<string, Message>()
  readonly topics: TopicIndex
  readonly fanout: Fanout
  readonly random: Random
  /** Sets of pods in the order in which they appeared; the first is the generation that the cluster began with. */
  readonly generations: string[] = []
  readonly #clock: Clock
  #evacuationsStarted = 0

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.random = random
    this.topics = new TopicIndex(random)
    this.fanout = new Fanout(clock)
  }

  /** 0 for the set that was there first. */
  generationOf(setName: string): number {
    const known = this.generations.indexOf(setName)
    return known === -1 ? this.generations.push(setName) - 1 : known
  }

  join(node: NodeCore): void {
    this.members.set(node.name, { name: node.name, node })
  }

  leave(node: NodeCore): void {
    const member = this.members.get(node.name)
    if (member?.node !== node) return
    member.node = undefined
    this.#clock.after(AUTOCLEAN_MS, () => {
      if (member.node === undefined && this.members.get(node.name) === member) this.members.delete(node.name)
    })
  }

  running(): NodeCore[] {
    const nodes: NodeCore[] = []
    for (const { node } of this.members.values()) if (node !== undefined) nodes.push(node)
    return nodes
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
