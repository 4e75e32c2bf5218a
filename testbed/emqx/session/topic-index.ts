import { remembered } from '../../runtime/memo.ts'
import { pick, type Random } from '../../runtime/random.ts'
import { hasWildcard } from './topics.ts'

/** The subscribers of one filter: sessions of their own, and the members of each shared group. */
interface Subscribers<Session> {
  own: Set<Session>
  groups: Map<string, Set<Session>> | undefined
}

interface TrieNode {
  children: Map<string, TrieNode>
  filter: string | undefined
}

/** The cluster's routes: exact filters by name, wildcard filters by level. */
export class TopicIndex<Session> {
  readonly #filters = new Map<string, Subscribers<Session>>()
  readonly #root: TrieNode = { children: new Map(), filter: undefined }
  readonly #random: Random
  #wildcards = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** Number of filters with a subscriber. */
  get size(): number {
    return this.#filters.size
  }

  add(filter: string, group: string | undefined, session: Session): void {
    let subscribers = this.#filters.get(filter)
    if (subscribers === undefined) {
      subscribers = { own: new Set(), groups: undefined }
      this.#filters.set(filter, subscribers)
      if (hasWildcard(filter)) this.#plant(filter)
    }
    if (group === undefined) {
      subscribers.own.add(session)
      return
    }
    subscribers.groups ??= new Map()
    remembered(subscribers.groups, group, () => new Set<Session>()).add(session)
  }

  remove(filter: string, group: string | undefined, session: Session): void {
    const subscribers = this.#filters.get(filter)
    if (subscribers === undefined) return
    if (group === undefined) subscribers.own.delete(session)
    else {
      const members = subscribers.groups?.get(group)
      members?.delete(session)
      if (members?.size === 0) subscribers.groups?.delete(group)
    }
    if (subscribers.own.size > 0 || (subscribers.groups?.size ?? 0) > 0) return
    this.#filters.delete(filter)
    if (hasWildcard(filter)) this.#uproot(filter)
  }

  /** Calls back for each subscription that matches the topic; for one random member of each shared group. */
  each(topic: string, deliver: (session: Session, filter: string, group: string | undefined) => void): void {
    this.#deliverTo(topic, deliver)
    if (this.#wildcards > 0) this.#walk(this.#root, topic.split('/'), 0, topic.startsWith('$'), deliver)
  }

  #deliverTo(
    filter: string,
    deliver: (session: Session, filter: string, group: string | undefined) => void,
  ): void {
    const subscribers = this.#filters.get(filter)
    if (subscribers === undefined) return
    for (const session of subscribers.own) deliver(session, filter, undefined)
    if (subscribers.groups === undefined) return
    for (const [group, members] of subscribers.groups) {
      const chosen = pick([...members], this.#random)
      if (chosen !== undefined) deliver(chosen, filter, group)
    }
  }

  #walk(
    node: TrieNode,
    levels: string[],
    depth: number,
    noWildcard: boolean,
    deliver: (session: Session, filter: string, group: string | undefined) => void,
  ): void {
    const wild = !(noWildcard && depth === 0)
    const rest = wild ? node.children.get('#') : undefined
    if (rest?.filter !== undefined) this.#deliverTo(rest.filter, deliver)
    if (depth === levels.length) {
      if (node.filter !== undefined) this.#deliverTo(node.filter, deliver)
      return
    }
    const exact = node.children.get(levels[depth]!)
    if (exact !== undefined) this.#walk(exact, levels, depth + 1, noWildcard, deliver)
    const any = wild ? node.children.get('+') : undefined
    if (any !== undefined) this.#walk(any, levels, depth + 1, noWildcard, deliver)
  }

  #plant(filter: string): void {
    let node = this.#root
    for (const level of filter.split('/')) {
      node = remembered(node.children, level, () => ({ children: new Map(), filter: undefined }))
    }
    node.filter = filter
    this.#wildcards++
  }

  #uproot(filter: string): void {
    const path: [TrieNode, string][] = []
    let node = this.#root
    for (const level of filter.split('/')) {
      path.push([node, level])
      const child = node.children.get(level)
      if (child === undefined) return
      node = child
    }
    node.filter = undefined
    this.#wildcards--
    for (const [parent, level] of path.reverse()) {
      const child = parent.children.get(level)!
      if (child.filter !== undefined || child.children.size > 0) return
      parent.children.delete(level)
    }
  }
}
