import type { DialectName } from '#weir/cluster/index.ts'
import { assertionsOn, WITHOUT_CLIENTS } from '#weir/facts/index.ts'
import type { Scenario, Step } from '../types.ts'
import { loadScenario } from './load.ts'

/** The source of the fleet, the intervals and the assertions. */
const LIKE = 'blue-green'

export interface Observing {
  dialect: DialectName
  /** 0: weir connects none. */
  clients: number
  /** Deadline of each step. */
  deadlineSeconds: number
  /** How long the end state is observed. */
  holdSeconds: number
}

/** The scenario that changes nothing: it waits for somebody else's change and records it to its end. */
export function observing({ dialect, clients, deadlineSeconds, holdSeconds }: Observing): Scenario {
  const like = loadScenario(LIKE)
  const fleet: Step[] = [
    { action: 'start-fleet', deadlineSeconds: 300 },
    { waitFor: 'fleet-connected', deadlineSeconds: 600 },
    { waitFor: 'clients-located', deadlineSeconds: 300 },
  ]
  return {
    ...like,
    name: 'observe',
    description: "Somebody else's change of the resource, recorded until the cluster is stable again.",
    cluster: { dialect, manifest: {} },
    fleet: { ...like.fleet, clients },
    steps: [
      { waitFor: 'cluster-ready', deadlineSeconds },
      ...(clients > 0 ? fleet : []),
      { waitFor: 'change-begun', deadlineSeconds },
      { waitFor: 'upgraded', deadlineSeconds },
      { hold: { seconds: holdSeconds } },
    ],
    observe: { ...like.observe, scrapeIntervalSeconds: 2 },
    assert: clients > 0 ? like.assert : assertionsOn(WITHOUT_CLIENTS).map((id) => ({ id })),
    knownDeviations: [],
    mayDeviate: [],
  }
}
