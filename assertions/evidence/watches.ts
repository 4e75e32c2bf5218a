import type { RunView } from '#weir/record/view/index.ts'

const KINDS = {
  endpoints: ['EndpointSlice', 'Endpoints'],
  pods: ['Pod'],
  sets: ['StatefulSet', 'ReplicaSet'],
  services: ['Service'],
} as const

const OTHERS = new Set<string>([...KINDS.endpoints, ...KINDS.pods, ...KINDS.sets, ...KINDS.services, 'Event'])

/**
 * From when on the API server answered nothing any more until the record ends: since its first failure after the last object that it
 * sent. Infinity when it did not fall silent.
 */
function silentFrom(run: RunView): number {
  const lastT = run.of('watch').at(-1)?.t ?? Number.NEGATIVE_INFINITY
  const failures = run.of('api-failure').filter(({ api, t }) => api === 'kubernetes' && t > lastT)
  return failures.length > 1 ? failures[0]!.t : Number.POSITIVE_INFINITY
}

/** True when events of these objects within [fromT, toT] may be missing. */
export function blindTo(run: RunView, what: keyof typeof KINDS | 'cr', fromT: number, toT: number): boolean {
  if (silentFrom(run) <= toT) return true
  if (what !== 'cr') return KINDS[what].some((kind) => run.blind(kind, fromT, toT))
  return run.gaps.some((gap) => !OTHERS.has(gap.kind) && gap.toT >= fromT && gap.fromT <= toT)
}
