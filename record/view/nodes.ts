import { type DialectFacts, ordinalOf, type PodEvent, type Scrape } from '#weir/facts/index.ts'
import type { EventsOf } from './events-by-type.ts'
import type { NodeView } from './types.ts'

/** The nodes of a record. A pod that was recreated under its old name is a separate node. */
export interface NodeTable {
  nodes: NodeView[]
  /** The newest node of that name. */
  byName: Map<string, number>
  byPod: Map<string, number>
  /** The node of that name, that pod or that address, at a moment; -1 when there was none. */
  nameAt(name: string, t: number): number
  podAt(pod: string, t: number): number
  addressAt(ip: string, t: number): number
}

/**
 * Nodes from pods; where a record knows scrapes only, from these. `triggerT` is undefined when nothing was changed. Where pods are replaced one
 * by one, those that come after it are new, in whichever set.
 */
export function nodesOf(
  of: EventsOf,
  scrapes: readonly Scrape[],
  triggerT: number | undefined,
  replaces: DialectFacts['replaces'] = 'set',
): NodeTable {
  const nodes: NodeView[] = []
  const byUid = new Map<string, number>()
  // The random end of a ReplicaSet's pod may be all digits.
  const unnumbered = new Set(of('set').flatMap(({ kind, name }) => (kind === 'ReplicaSet' ? [name] : [])))
  for (const event of of('pod')) {
    let index = byUid.get(event.uid)
    if (index === undefined) {
      index = nodes.length
      byUid.set(event.uid, index)
      nodes.push(newNode(event, !unnumbered.has(event.set)))
    }
    update(nodes[index]!, event)
  }
  fromScrapes(nodes, of, scrapes)
  if (replaces === 'pods') for (const node of nodes) node.side = isLate(node, triggerT) ? 'new' : 'old'
  else giveSides(nodes, of, triggerT)
  return tableOf(nodes)
}

/** Adds names that are missing in pod events, and nodes that are known only from scrapes. */
function fromScrapes(nodes: NodeView[], of: EventsOf, scrapes: readonly Scrape[]): void {
  const sets = new Set(of('set').map(({ name }) => name))
  const known = new Set(nodes.map((node) => node.name))
  const pods = new Set(nodes.map((node) => node.pod))
  for (const scrape of scrapes) {
    if (scrape.node === '' ? pods.has(scrape.pod) : known.has(scrape.node)) continue
    known.add(scrape.node)
    pods.add(scrape.pod)
    const nameless = nodes.find(({ name, pod }) => name === '' && pod === scrape.pod)
    if (nameless) nameless.name = scrape.node
    else nodes.push({ ...unknownPod(scrape, sets, nodes), firstSeenT: scrape.t })
  }
}

function newNode(event: PodEvent, isNumbered: boolean): NodeView {
  const { name: pod, node: name, set, role } = event
  const ordinal = isNumbered ? ordinalOf(pod) : -1
  return { name, pod, set, side: 'old', ...(role && { role }), ordinal, firstSeenT: event.t }
}

/** A pod's name begins with its set's name; the set's other pods show the kind of node. */
function unknownPod(
  { node: name, pod }: Scrape,
  sets: ReadonlySet<string>,
  nodes: readonly NodeView[],
): Omit<NodeView, 'firstSeenT'> {
  const set = [...sets].find((one) => pod.slice(0, pod.lastIndexOf('-')) === one) ?? ''
  const sibling = set === '' ? undefined : nodes.find((node) => node.set === set)
  const ordinal = sibling?.ordinal === -1 ? -1 : ordinalOf(pod)
  return { name, pod, set, side: 'old', ...(sibling?.role && { role: sibling.role }), ordinal }
}

function update(node: NodeView, event: PodEvent): void {
  // A replicant is named after its address, which it gets some time after it was created.
  if (event.node !== '') node.name = event.node
  if (event.ip !== undefined) node.ip = event.ip
  if (event.image !== undefined) node.image = event.image
  if (event.disruption !== undefined) node.disruption = event.disruption
  if ((event.deleting || event.deleted) && node.deletingT === undefined) node.deletingT = event.t
  if (event.deleted && node.deletedT === undefined) node.deletedT = event.t
}

const isLate = ({ firstSeenT }: NodeView, triggerT = Number.POSITIVE_INFINITY) => firstSeenT > triggerT

/**
 * Old are the nodes of sets that had replicas before the trigger. When no set was made after it, as in a rolling
 * update, the same set's pods that first appeared after the trigger are new.
 */
function giveSides(nodes: NodeView[], of: EventsOf, triggerT = Number.POSITIVE_INFINITY): void {
  const oldSets = new Set<string>()
  const allSets = new Set<string>()
  for (const set of of('set')) {
    allSets.add(set.name)
    if (set.t <= triggerT && !set.deleted && (set.replicas > 0 || set.specReplicas > 0)) oldSets.add(set.name)
  }
  const hasNewSet = nodes.some((node) => allSets.has(node.set) && !oldSets.has(node.set))
  for (const node of nodes) {
    const late = isLate(node, triggerT)
    if (!allSets.has(node.set)) node.side = late ? 'new' : 'old'
    else if (oldSets.has(node.set)) node.side = late && !hasNewSet ? 'new' : 'old'
    else node.side = 'new'
  }
}

function tableOf(nodes: NodeView[]): NodeTable {
  const byName = new Map<string, number>()
  const byPod = new Map<string, number>()
  const namesakes = new Map<string, number[]>()
  const successors = new Map<string, number[]>()
  const neighbours = new Map<string, number[]>()
  nodes.forEach((node, index) => {
    byPod.set(node.pod, index)
    if (node.name !== '') {
      byName.set(node.name, index)
      append(namesakes, node.name, index)
    }
    append(successors, node.pod, index)
    if (node.ip !== undefined) append(neighbours, node.ip, index)
  })
  return {
    nodes,
    byName,
    byPod,
    nameAt: (name, t) => aliveAt(nodes, namesakes.get(name), t),
    podAt: (pod, t) => aliveAt(nodes, successors.get(pod), t),
    addressAt: (ip, t) => aliveAt(nodes, neighbours.get(ip), t),
  }
}

/** Of several nodes that followed one another, the last that was there at `t`; the first when none was seen yet. */
function aliveAt(nodes: NodeView[], candidates: number[] | undefined, t: number): number {
  if (candidates === undefined) return -1
  for (let i = candidates.length - 1; i >= 0; i--)
    if (nodes[candidates[i]!]!.firstSeenT <= t) return candidates[i]!
  return candidates[0]!
}

function append(lists: Map<string, number[]>, key: string, index: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [index])
  else list.push(index)
}
