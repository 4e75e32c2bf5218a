import type { AssertRequest } from '#weir/facts/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

export interface NotAsked {
  id: string
  why: string
}

/** What a cluster is like, as far as it decides what can be asked about it. */
export interface Circumstances {
  /** Clients of the fleet. */
  clients: number
  /** Clients that are not the fleet's. */
  otherClients: number
  /** Nodes are emptied before they are taken away. */
  evacuates: boolean
}

type Reason = (about: Circumstances) => string | undefined

const counted: Reason = ({ otherClients }) =>
  otherClients > 0 ? 'other clients are connected, whom gauges and rates count too' : undefined
const evacuated: Reason = ({ evacuates }) =>
  evacuates ? undefined : 'nodes are replaced without being evacuated'
const drained: Reason = (about) =>
  evacuated(about) ??
  (about.clients + about.otherClients > 0 ? undefined : 'there is no client to be evicted')
const first: Reason = ({ clients, otherClients }) =>
  clients > 0 && otherClients > 0
    ? 'other clients are connected, and the first to be evicted may be one of them'
    : undefined

/** What each of these rests on. An assertion that rests on what is not there would say nothing, or something untrue. */
const RESTS_ON: Readonly<Record<string, Reason>> = {
  'gauge-truth': counted,
  'eviction-floor': (about) => drained(about) ?? counted(about),
  'eviction-slope': drained,
  'evacuation-serial': evacuated,
  'evacuation-states': evacuated,
  'initial-delay': (about) => drained(about) ?? first(about),
  'status-shape': evacuated,
  // Of wills on a node that is killed nothing is promised.
  wills: evacuated,
}

/** Which of a scenario's assertions this cluster can answer, and which not, and why. */
export function askable(
  { assert }: Pick<Scenario, 'assert'>,
  about: Circumstances,
): { asked: AssertRequest[]; notAsked: NotAsked[] } {
  const reasons = assert.map((one) => ({ one, why: RESTS_ON[one.id]?.(about) }))
  return {
    asked: reasons.flatMap(({ one, why }) => (why === undefined ? [one] : [])),
    notAsked: reasons.flatMap(({ one: { id }, why }) => (why === undefined ? [] : [{ id, why }])),
  }
}
