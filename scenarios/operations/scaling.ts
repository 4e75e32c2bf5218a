import { type AssertRequest, assertionsOn, isAssertionId, WITHOUT_CLIENTS } from '#weir/facts/index.ts'
import { loadScenario } from '../load/load.ts'
import type { Scenario, Step } from '../types.ts'

export interface Scaling {
  dialect: Scenario['cluster']['dialect']
  /** How many nodes accept clients, before and afterwards. */
  from: number
  to: number
  /** Nodes that go are deleted with their clients on them, instead of being evacuated first. */
  raw: boolean
  /** 0: weir connects none, and what the cluster itself shows is judged. */
  clients: number
}

/** The scenario of scaling a cluster that is there, like the one that comes with weir. */
export function scaling({ dialect, from, to, raw, clients }: Scaling): Scenario {
  const like = to > from ? 'scale-out' : raw ? 'scale-in-raw' : 'scale-in-drained'
  const scenario = loadScenario(dialect === 'v2beta1' ? `${like}-v5` : like)
  const steps = scenario.steps.map((step): Step => {
    if (!('action' in step)) return step
    if (step.action === 'scale') return { ...step, replicas: to }
    // A user's cluster has its own number of clients, and its own rates.
    return step.action === 'evacuate' ? { ...step, keep: to, deadlineSeconds: 'formula' } : step
  })
  const whole: Scenario = {
    ...scenario,
    name: 'ops-scale',
    description: `From ${from} nodes that accept clients to ${to}.`,
    cluster: { dialect, manifest: {} },
    fleet: { ...scenario.fleet, clients },
    steps,
    assert:
      like === 'scale-in-drained'
        ? scenario.assert.map((one) => withRefusals(one, { from, to }))
        : scenario.assert,
  }
  return clients > 0 ? whole : withoutFleet(whole)
}

/**
 * Clients come to nodes that are evacuated as often as to others while the Service leads to them, are refused and try again: of `from` nodes
 * only `to` take them. The numbers in the scenario are those of its own nodes.
 */
function withRefusals(request: AssertRequest, { from, to }: Pick<Scaling, 'from' | 'to'>): AssertRequest {
  const perEviction = from / to
  const evicted = (from - to) / from
  switch (request.id) {
    case 'no-storm':
      return { ...request, bounds: { ...request.bounds, perEviction } }
    case 'amplification':
      return { ...request, bounds: { ...request.bounds, perEviction: perEviction + 0.2 } }
    case 'refusals':
      return { ...request, bounds: { ...request.bounds, share: evicted * (perEviction - 1) + 0.03 } }
    default:
      return request
  }
}

const OF_FLEET = new Set<string>(['start-fleet', 'fleet-connected', 'clients-located', 'connect-more'])

/** The scenario without clients: what needs them is neither done nor judged. */
function withoutFleet(scenario: Scenario): Scenario {
  const judged = assertionsOn(
    WITHOUT_CLIENTS,
    scenario.assert.flatMap(({ id }) => (isAssertionId(id) ? [id] : [])),
  )
  return {
    ...scenario,
    steps: scenario.steps.filter((step) => !OF_FLEET.has(nameOf(step))),
    assert: scenario.assert.filter(({ id }) => (judged as readonly string[]).includes(id)),
  }
}

const nameOf = (step: Step): string => {
  if ('action' in step) return step.action
  return 'waitFor' in step ? step.waitFor : ''
}
