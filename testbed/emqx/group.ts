import type { Clock } from '../runtime/clock.ts'
import type { Random } from '../runtime/random.ts'
import { ClusterLicence } from './cluster-licence.ts'
import type { EvacuationOptions } from './evacuation/options.ts'
import type { Partner } from './evacuation/rebalance-partner.ts'
import type { Channel, ClientSession } from './session/channel.ts'
import type { Message } from './session/message.ts'
import { Fanout } from './session/publish.ts'
import { TopicIndex } from './session/topic-index.ts'

/** What a node is in an EMQX 5 cluster; 4.4 knows cores only. */
export type Role = 'core' | 'replicant'

/** What a cluster knows of its nodes. */
export interface GroupNode {
  readonly name: string
  readonly role: Role
  /** Of its volume, or of its pod where it has none: then what a cluster has stored ends with the last of its pods. */
  readonly podUid: string
  readonly version: { readonly autocleanMs: number }
  readonly agent: { readonly enabled: boolean }
  /** As a rebalance sees it. */
  readonly partner: Partner
}

export interface Member<Node extends GroupNode> {
  name: string
  role: Role
  /** Undefined once the node has stopped; it stays listed until autoclean. */
  node: Node | undefined
}

/** One EMQX cluster: its members, the registry of all sessions, routes and retained messages. */
export class Group<Node extends GroupNode> {
  readonly members = new Map<string, Member<Node>>()
  readonly registry = new Map<string, Channel>()
  readonly retained = new Map<string, Message>()
  readonly topics: TopicIndex<ClientSession>
  readonly fanout: Fanout
  readonly random: Random
  /** Tokens of dashboard users who have logged in (5.x). */
  readonly tokens = new Set<string>()
  /** The HOCON documents that make up the configuration, the later over the earlier (5.x). */
  readonly configs: string[] = [DEFAULT_CONFIG]
  readonly licence = new ClusterLicence()
  /** Sets of pods of each role, in the order in which they appeared: a revision has one of cores and one of replicants. */
  readonly #generations: Record<Role, string[]> = { core: [], replicant: [] }
  /** Pods that have been in the cluster since it began. */
  readonly #podsWithData = new Set<string>()
  /** Evacuations that a node's data tells of, by its pod or its volume: they outlive its process. */
  readonly #keptEvacuations = new Map<string, EvacuationOptions>()
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

  join(node: Node): void {
    if (this.running().length === 0 && !this.#podsWithData.has(node.podUid)) this.#beginAnew()
    this.#podsWithData.add(node.podUid)
    this.members.set(node.name, { name: node.name, role: node.role, node })
  }

  /** All pods are new: nobody knows of members and messages of before. */
  #beginAnew(): void {
    this.members.clear()
    this.retained.clear()
    this.#podsWithData.clear()
  }

  keptEvacuation = (podUid: string): EvacuationOptions | undefined => this.#keptEvacuations.get(podUid)

  keepEvacuation(podUid: string, options: EvacuationOptions | undefined): void {
    if (options === undefined) this.#keptEvacuations.delete(podUid)
    else this.#keptEvacuations.set(podUid, options)
  }

  leave(node: Node): void {
    const member = this.members.get(node.name)
    if (member?.node !== node) return
    // A replicant that stops is not listed any more: it is no part of the cluster's database.
    if (node.role === 'replicant') {
      this.members.delete(node.name)
      return
    }
    member.node = undefined
    this.#clock.after(node.version.autocleanMs, () => {
      if (member.node === undefined && this.members.get(node.name) === member) this.members.delete(node.name)
    })
  }

  running(): Node[] {
    const nodes: Node[] = []
    for (const { node } of this.members.values()) if (node !== undefined) nodes.push(node)
    return nodes
  }

  /** The order in which 5.8 lists nodes: the last to join first. */
  newestFirst(): Node[] {
    return this.running().reverse()
  }

  nodeNamed(name: string): Node | undefined {
    return this.members.get(name)?.node
  }

  /** Running, and its eviction agent serves nothing: what `migrate_to` may name. */
  available(name: string): Node | undefined {
    const node = this.nodeNamed(name)
    return node?.agent.enabled === false ? node : undefined
  }

  /** The nodes of a rebalance: those that are named, else all that run. */
  partners(names: readonly string[] | undefined): Partner[] {
    const nodes = names === undefined ? this.running() : names.flatMap((name) => this.nodeNamed(name) ?? [])
    return nodes.map(({ partner }) => partner)
  }

  /** Counts evacuations; returns how many there were before. */
  countEvacuation(): number {
    return this.#evacuationsStarted++
  }
}

/** The default listeners, as HOCON. */
const DEFAULT_CONFIG = `listeners {
  ssl {default {bind = "0.0.0.0:8883", enable = true}}
  tcp {default {bind = "0.0.0.0:1883", enable = true}}
  ws {default {bind = "0.0.0.0:8083", enable = true}}
  wss {default {bind = "0.0.0.0:8084", enable = true}}
}
`
