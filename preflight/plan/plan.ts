import type { Discovery } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Dialect } from '#weir/cluster/types.ts'
import { type Change, changesOf } from '#weir/scenarios/actions/change-of.ts'
import { mergedPatches } from '#weir/scenarios/actions/merged-patches.ts'
import { expectedMoveSeconds, limitSeconds } from '#weir/scenarios/run/deadline.ts'
import { resolveParameters } from '#weir/scenarios/run/parameters.ts'
import type { Scenario, Step } from '#weir/scenarios/types.ts'
import type { Found, Line } from '../line.ts'
import type { ClientAddresses } from './address.ts'
import { applicable, type NotApplicable } from './applicable.ts'

/** What a run on the user's own cluster will do. */
export interface Plan {
  /** With the address, the version and the assertions that fit this cluster. */
  scenario: Scenario
  discovery: Discovery
  addresses?: ClientAddresses | undefined
  otherClients?: number
  /** First and last, where the user chose them. */
  clientIds?: readonly [string, string] | undefined
  /** The fleet in pods of the cluster. */
  fleetJob?: { pods: number; image: string } | undefined
  /** What its nodes have now. */
  resources: ReturnType<Dialect['resources']>
  /** Expected duration of the move of all clients. */
  expectedSeconds: number
  /** Time limit of the move. Undefined if somebody else triggers it: then the whole run has a limit. */
  limitSeconds?: number
  changes: Change[]
  /** Assertions of the scenario that do not apply to this cluster. */
  notAsked: NotApplicable[]
  /** Warnings and unknowns of the checks; no reason to refuse the run. */
  doubts: Line[]
}

/** Results of the examination. */
export interface Known {
  discovery: Discovery
  addresses?: ClientAddresses | undefined
  otherClients?: number | undefined
  fleetJob?: Plan['fleetJob']
  clientIds?: Plan['clientIds']
  found: readonly Found[]
}

/** Makes the plan for a scenario on this cluster. Pure. */
export function planOf(wanted: Scenario, known: Known, resource: KubeObject): Plan {
  const { discovery, addresses, otherClients, fleetJob, clientIds, found } = known
  const { dialect, operator } = discovery
  const { asked, notAsked } = applicable(wanted, {
    clients: wanted.fleet.clients,
    otherClients: otherClients ?? 0,
    evacuates: discovery.strategy.connEvictRate > 0 && discovery.evacuation.found !== false,
    replaces: dialect.facts.replaces,
  })
  const scenario: Scenario = {
    ...wanted,
    fleet:
      addresses && addresses.kind !== 'given'
        ? { ...wanted.fleet, connection: addresses.kind }
        : wanted.fleet,
    assert: asked,
  }
  const parameters = resolveParameters(scenario, dialect, asChanged(scenario, dialect, resource), {
    operatorLine: operator.line,
    otherClients,
  })
  const wait = waitForMove(scenario)
  return {
    scenario,
    discovery,
    addresses,
    otherClients,
    fleetJob,
    clientIds,
    resources: dialect.resources(resource),
    expectedSeconds: expectedMoveSeconds(parameters),
    limitSeconds: wait && limitSeconds(wait, parameters, { isEmulated: false }),
    changes: scenario.steps.flatMap((step) => ('action' in step ? changesOf(step, dialect, resource) : [])),
    notAsked,
    // Other clients have their own line.
    doubts: found.filter(
      ({ state, check }) => (state === 'warning' || state === 'unknown') && check !== 'other-clients',
    ),
  }
}

/** The resource with the rates that the scenario's upgrade brings. */
function asChanged({ steps }: Scenario, dialect: Dialect, resource: KubeObject): KubeObject {
  const rates = steps.flatMap((step) =>
    'action' in step && step.action === 'upgrade' && step.evictRate !== undefined ? [step.evictRate] : [],
  )
  return rates.reduce<KubeObject>(
    (one, rate) => mergedPatches(one, dialect.ratesPatch(one, rate)) as KubeObject,
    resource,
  )
}

function waitForMove({ steps }: Scenario): Extract<Step, { waitFor: unknown }> | undefined {
  const waits = steps.filter((step) => 'waitFor' in step)
  return waits.some(({ waitFor }) => waitFor === 'change-begun')
    ? undefined
    : waits.find(({ waitFor }) => waitFor === 'upgraded')
}
