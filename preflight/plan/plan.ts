import type { Discovery } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { expectedMoveSeconds, limitSeconds } from '#weir/scenarios/run/deadline.ts'
import { resolveParameters } from '#weir/scenarios/run/parameters.ts'
import type { Scenario, Step } from '#weir/scenarios/types.ts'
import type { Found, Line } from '../line.ts'
import type { ClientAddress } from './address.ts'
import { applicable, type NotAsked } from './applicable.ts'

/** A change that weir will make, to the letter. */
export interface PlannedChange {
  action: 'upgrade' | 'patch'
  /** A merge patch of the custom resource. */
  patch: unknown
  /** `refused`: it is only tried, as a dry run. */
  expect: 'accepted' | 'refused'
}

/** What a run on a cluster of the user's own will do, before it does anything. */
export interface Plan {
  /** With the address, the version and the assertions that fit this cluster. */
  scenario: Scenario
  discovery: Discovery
  address?: ClientAddress
  otherClients?: number
  /** What the move of all clients should take. */
  expectedSeconds: number
  /** For how long it is waited for. None where somebody else chooses when it begins: there the whole run has a limit. */
  limitSeconds?: number
  changes: PlannedChange[]
  /** Assertions of the scenario that this cluster cannot answer. */
  notAsked: NotAsked[]
  /** What is not as one would wish, and no reason not to run. */
  doubts: Line[]
}

/** What the examination of the cluster has told. */
export interface Known {
  discovery: Discovery
  address?: ClientAddress | undefined
  otherClients?: number | undefined
  found: readonly Found[]
}

/** What will be done with a scenario on this cluster. Pure: everything that it says was found out before. */
export function planOf(wanted: Scenario, known: Known, resource: KubeObject): Plan {
  const { discovery, address, otherClients, found } = known
  const { dialect, operator } = discovery
  const { asked, notAsked } = applicable(wanted, {
    clients: wanted.fleet.clients,
    otherClients: otherClients ?? 0,
    evacuates: discovery.strategy.connEvictRate > 0 && discovery.evacuation.found !== false,
  })
  const scenario: Scenario = {
    ...wanted,
    fleet: address ? { ...wanted.fleet, connection: address.kind } : wanted.fleet,
    assert: asked,
  }
  const parameters = resolveParameters(scenario, dialect, resource, {
    operatorLine: operator.line,
    otherClients,
  })
  const wait = waitForMove(scenario)
  return {
    scenario,
    discovery,
    ...(address && { address }),
    ...(otherClients === undefined ? {} : { otherClients }),
    expectedSeconds: expectedMoveSeconds(parameters),
    ...(wait && { limitSeconds: limitSeconds(wait, parameters, { ownTestbed: false }) }),
    changes: changesOf(scenario, discovery, resource),
    notAsked,
    // Other clients have a line of their own.
    doubts: found.filter(
      ({ state, check }) => (state === 'warning' || state === 'unknown') && check !== 'other-clients',
    ),
  }
}

function waitForMove({ steps }: Scenario): Extract<Step, { waitFor: unknown }> | undefined {
  const waits = steps.filter((step) => 'waitFor' in step)
  return waits.some(({ waitFor }) => waitFor === 'change-begun')
    ? undefined
    : waits.find(({ waitFor }) => waitFor === 'upgraded')
}

function changesOf({ steps }: Scenario, { dialect }: Discovery, resource: KubeObject): PlannedChange[] {
  return steps.flatMap((step): PlannedChange[] => {
    if (!('action' in step)) return []
    const { action } = step
    if (action === 'upgrade')
      return [{ action, patch: dialect.versionPatch(resource, step.version), expect: 'accepted' }]
    return action === 'patch' ? [{ action, patch: step.patch, expect: step.expect }] : []
  })
}
