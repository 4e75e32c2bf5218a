import type { Container, Node, Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { quantityOf, readResources } from '#weir/facts/index.ts'

/** What a pod takes of a node: thousandths of a core, and bytes. */
interface Room {
  milliCpus: number
  bytes: number
}

/**
 * Why a pod does not fit a node beside those that are on it, in the words of kube-scheduler (NodeResourcesFit); undefined where it fits.
 * A node that tells no figure has room for everything.
 */
export function whyNotOn(node: Node, pod: Pod, others: readonly Pod[]): string | undefined {
  const allocatable = (name: string) => {
    const told = node.status?.allocatable?.[name]
    return (told === undefined ? undefined : quantityOf(told)) ?? Number.POSITIVE_INFINITY
  }
  const wanted = roomOf(pod)
  const taken = others.map(roomOf)
  const kinds = [
    { name: 'cpu', is: wanted.milliCpus, used: sum(taken, 'milliCpus'), all: allocatable('cpu') * 1000 },
    { name: 'memory', is: wanted.bytes, used: sum(taken, 'bytes'), all: allocatable('memory') },
  ]
  const lacking = kinds.filter(({ is, used, all }) => is > 0 && is > all - used)
  const isFull = others.length >= allocatable('pods')
  if (lacking.length === 0 && !isFull) return undefined
  const reasons = [...lacking.map(({ name }) => `Insufficient ${name}`), ...(isFull ? ['Too many pods'] : [])]
  // What is more than the whole node has, no other pod's end can give.
  const isHopeless = lacking.some(({ is, all }) => is > all)
  return refusalWords(
    reasons.map((reason) => `1 ${reason}`).join(', '),
    isHopeless ? 'Preemption is not helpful for scheduling' : 'No preemption victims found for incoming pod',
  )
}

/** Of a cluster with one node. */
export const refusalWords = (reasons: string, preemption: string): string =>
  `0/1 nodes are available: ${reasons}. preemption: 0/1 nodes are available: 1 ${preemption}.`

const sum = (rooms: readonly Room[], of: keyof Room) => rooms.reduce((all, room) => all + room[of], 0)

/** What its containers request together, or the greatest of its init containers where that is more. */
function roomOf({ spec }: Pod): Room {
  const { initContainers = [] } = spec as { initContainers?: Container[] }
  const isSidecar = ({ restartPolicy }: Container) => restartPolicy === 'Always'
  const running = [...spec.containers, ...initContainers.filter(isSidecar)].map(requestOf)
  const first = initContainers.filter((one) => !isSidecar(one)).map(requestOf)
  const most = (of: keyof Room) => Math.max(sum(running, of), ...first.map((room) => room[of]))
  return { milliCpus: most('milliCpus'), bytes: most('bytes') }
}

/** A container that only has limits requests as much, as API servers fill in. */
function requestOf({ resources }: Container): Room {
  const { requests, limits } = readResources(resources)
  const amount = (name: 'cpu' | 'memory') => quantityOf(requests?.[name] ?? limits?.[name] ?? 0) ?? 0
  return {
    milliCpus: Math.ceil(Number((amount('cpu') * 1000).toFixed(6))),
    bytes: Math.ceil(amount('memory')),
  }
}
