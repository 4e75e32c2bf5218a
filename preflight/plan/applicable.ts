import { type AssertRequest, definitionOf, isAssertionId, type Need } from '#weir/facts/index.ts'
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

/** What a cluster can be found to lack before a run; what a record must hold shows only afterwards. */
const LACKING: Partial<Record<Need, Reason>> = {
  evacuation: ({ evacuates }) => (evacuates ? undefined : 'nodes are replaced without being evacuated'),
  evictions: ({ clients, otherClients }) =>
    clients + otherClients > 0 ? undefined : 'there is no client to be evicted',
  'fleet-alone': ({ otherClients }) =>
    otherClients > 0 ? 'other clients are connected, whom gauges and rates count too' : undefined,
  'first-eviction': ({ clients, otherClients }) =>
    clients > 0 && otherClients > 0
      ? 'other clients are connected, and the first to be evicted may be one of them'
      : undefined,
}

function reasonAgainst(id: string, about: Circumstances): string | undefined {
  if (!isAssertionId(id)) return undefined
  return definitionOf(id)
    .needs.map((need) => LACKING[need]?.(about))
    .find((why) => why !== undefined)
}

/** Which of a scenario's assertions this cluster can answer, and which not, and why. */
export function applicable(
  { assert }: Pick<Scenario, 'assert'>,
  about: Circumstances,
): { asked: AssertRequest[]; notAsked: NotAsked[] } {
  const reasons = assert.map((one) => ({ one, why: reasonAgainst(one.id, about) }))
  return {
    asked: reasons.flatMap(({ one, why }) => (why === undefined ? [one] : [])),
    notAsked: reasons.flatMap(({ one: { id }, why }) => (why === undefined ? [] : [{ id, why }])),
  }
}
