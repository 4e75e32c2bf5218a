import type { AssertRequest } from '#weir/record/index.ts'
import type { Scenario } from '../types.ts'

export interface NotAsked {
  id: string
  why: string
}

/** Assertions that hold what EMQX counts, or does to all clients alike, against what the fleet saw. */
const OF_ALL_CLIENTS: Readonly<Record<string, string>> = {
  'gauge-truth': 'gauges count other clients too',
  'eviction-floor': 'a node evicts other clients too, and the fleet is only a part of its rate',
}

/** Which of a scenario's assertions can be answered on a cluster that others use as well, and which not, and why. */
export function askable(
  { assert }: Scenario,
  otherClients: number,
): { asked: AssertRequest[]; notAsked: NotAsked[] } {
  const why = (id: string) => (otherClients > 0 ? OF_ALL_CLIENTS[id] : undefined)
  return {
    asked: assert.filter(({ id }) => why(id) === undefined),
    notAsked: assert.flatMap(({ id }) => {
      const reason = why(id)
      return reason === undefined ? [] : [{ id, why: reason }]
    }),
  }
}
