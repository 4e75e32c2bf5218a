import type { RunView } from '#weir/record/view/index.ts'

const KINDS = {
  endpoints: ['EndpointSlice', 'Endpoints'],
  pods: ['Pod'],
  sets: ['StatefulSet', 'ReplicaSet'],
} as const

const OTHERS = new Set<string>([...KINDS.endpoints, ...KINDS.pods, ...KINDS.sets, 'Service', 'Event'])

/** True when events of these objects within [fromT, toT] may be missing. */
export function blindTo(run: RunView, what: keyof typeof KINDS | 'cr', fromT: number, toT: number): boolean {
  if (what !== 'cr') return KINDS[what].some((kind) => run.blind(kind, fromT, toT))
  return run.of('watch-gap').some((gap) => !OTHERS.has(gap.kind) && gap.t >= fromT && gap.fromT <= toT)
}
