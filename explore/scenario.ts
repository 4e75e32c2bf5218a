import { SCENARIO_FORMAT } from '#weir/scenarios/definition/format.ts'
import { askedOf } from './asked.ts'
import { effectsOf, statesOf } from './episode.ts'
import { kindOf } from './kinds/index.ts'
import { hold, wait } from './kinds/waits.ts'
import { START_NODES } from './start.ts'
import type { Dialect, Effect, Episode, StepText } from './types.ts'

/** Slow enough that a step finds an evacuation still under way: of 15 clients on a node. Connections and sessions a second. */
const RATE = 4

const STRATEGY = {
  initialDelaySeconds: 1,
  evacuationStrategy: { waitTakeover: 1, connEvictRate: RATE, sessEvictRate: RATE },
}

/** The shipped scenarios that episodes build on. */
export const BASES: Readonly<Record<Dialect, string>> = { v1beta4: 'upgrade', v2beta1: 'upgrade-v5' }

const SPEC: Readonly<Record<Dialect, object>> = {
  v1beta4: { replicas: START_NODES, blueGreenUpdate: STRATEGY },
  v2beta1: { coreTemplate: { spec: { replicas: START_NODES } }, updateStrategy: STRATEGY },
}

/** Deviations of released operators that an episode may run into by chance: what they explain is no finding. */
const MAY_DEVIATE: Readonly<Record<Dialect, readonly [Effect, string][]>> = {
  v1beta4: [
    ['held', 'operator-2.1.0-2.2.29-set-left'],
    ['scale', 'operator-2.1.0-2.2.29-running-early'],
    ['kill', 'operator-2.1.0-2.1.2-service-back'],
  ],
  v2beta1: [
    ['held', 'operator-2.1.0-2.2.29-set-left'],
    ['kill', 'operator-2.2.0-2.2.29-api-outage'],
    ['emqx-api-gone', 'operator-2.2.0-2.2.29-api-outage'],
  ],
}

/** Released operators of v1beta4 that scale, or that update. */
const releaseOf = (dialect: Dialect, effects: readonly Effect[]): string =>
  dialect === 'v2beta1' || effects.includes('scale') || effects.includes('stop') ? '2.2.29' : '2.1.2'

export interface Naming {
  name: string
  /** Whence it came, for whoever reads the file. */
  origin: string
  clients: number
  /** Faults of the embedded cluster, so that the file alone makes the run again. */
  faults?: readonly string[]
}

const BEGIN: readonly StepText[] = [
  { action: 'apply' },
  wait('cluster-ready'),
  { action: 'start-fleet' },
  wait('fleet-connected'),
  wait('clients-located'),
  hold(1),
]

/** The scenario that runs an episode, as its file has it. Throws for an episode that is not legal. */
export function scenarioText(
  episode: Episode,
  { name, origin, clients, faults = [] }: Naming,
): Record<string, unknown> {
  const { dialect, steps } = episode
  const states = statesOf(episode)
  if (!states) throw new Error('the episode is not legal')
  const effects = effectsOf(steps)
  const titles = steps.map((step, index) => kindOf(step).title(states[index]!, step.variant))
  const may = MAY_DEVIATE[dialect].flatMap(([effect, id]) => (effects.includes(effect) ? [id] : []))
  return {
    name,
    format: SCENARIO_FORMAT,
    base: BASES[dialect],
    description: `${origin}: ${titles.join('; ')}.`,
    cluster: { manifest: { spec: SPEC[dialect] } },
    testbed: {
      operator: releaseOf(dialect, effects),
      ...(dialect === 'v2beta1' && { healthCheckWaitSeconds: 1 }),
      ...(faults.length > 0 && { faults: [...faults] }),
    },
    fleet: { clients },
    steps: [
      ...BEGIN,
      ...steps.flatMap((step, index) => [
        { mark: `step ${index + 1}: ${titles[index]}` },
        ...kindOf(step).steps(states[index]!, step.variant),
      ]),
      hold(2),
    ],
    assert: askedOf(episode),
    ...(may.length > 0 && { mayDeviate: [...new Set(may)] }),
    control: null,
  }
}
