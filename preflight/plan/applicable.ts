import {
  type AssertRequest,
  type DialectFacts,
  definitionOf,
  isAssertionId,
  type Need,
} from '#weir/facts/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

export interface NotApplicable {
  id: string
  why: string
}

/** The properties of a cluster that decide which assertions apply. */
export interface Circumstances {
  clients: number
  /** Clients outside the fleet. */
  otherClients: number
  /** Nodes are evacuated before they are deleted. */
  evacuates: boolean
  /** What an update replaces. */
  replaces: DialectFacts['replaces']
}

type Reason = (about: Circumstances) => string | undefined

/** Needs that a cluster can lack before a run; others show only in the record. */
const LACKING: Partial<Record<Need, Reason>> = {
  evacuation: ({ evacuates }) => (evacuates ? undefined : 'nodes are replaced without being evacuated'),
  evictions: ({ clients, otherClients }) =>
    clients + otherClients > 0 ? undefined : 'there are no clients to evict',
  'fleet-alone': ({ otherClients }) =>
    otherClients > 0 ? 'other clients are connected, and gauges and rates include them' : undefined,
  'first-eviction': ({ clients, otherClients }) =>
    clients > 0 && otherClients > 0
      ? 'other clients are connected, and the first eviction may be one of theirs'
      : undefined,
  'new-set': ({ replaces }) =>
    replaces === 'pods' ? 'pods are replaced one after the other, and no new set takes over' : undefined,
}

function reasonAgainst(id: string, about: Circumstances): string | undefined {
  if (!isAssertionId(id)) return undefined
  return definitionOf(id)
    .needs.map((need) => LACKING[need]?.(about))
    .find((why) => why !== undefined)
}

/** Splits a scenario's assertions into those that apply to this cluster and those that do not, with reasons. */
export function applicable(
  { assert }: Pick<Scenario, 'assert'>,
  about: Circumstances,
): { asked: AssertRequest[]; notAsked: NotApplicable[] } {
  const reasons = assert.map((one) => ({ one, why: reasonAgainst(one.id, about) }))
  return {
    asked: reasons.flatMap(({ one, why }) => (why === undefined ? [one] : [])),
    notAsked: reasons.flatMap(({ one: { id }, why }) => (why === undefined ? [] : [{ id, why }])),
  }
}
