import { CLIENTS } from './clients.ts'
import type { Circumstance, Content, Definition, Need } from './definition.ts'
import { EVICTIONS } from './evictions.ts'
import { OPERATIONS } from './operations.ts'
import { OUTCOME } from './outcome.ts'

export { CHARTS, type ChartId, type Content, type Definition, type Need } from './definition.ts'

/**
 * Every assertion, in the order in which verdicts list them. This is the only list: the registry of checks, the scenario schema,
 * plans, importers, headline, charts and docs/assertions.md are derived from it.
 */
export const ASSERTIONS = { ...EVICTIONS, ...CLIENTS, ...OPERATIONS, ...OUTCOME } as const

export type AssertionId = keyof typeof ASSERTIONS
export type Bounds<Id extends AssertionId> = {
  readonly [Name in keyof (typeof ASSERTIONS)[Id]['bounds']]: number
}

export const ASSERTION_IDS = Object.keys(ASSERTIONS) as AssertionId[]

export const definitionOf = (id: AssertionId): Definition => ASSERTIONS[id]

/** Those that a scenario asks for unless it says otherwise: what an update promises. */
export const UPDATE_ASSERTION_IDS = ASSERTION_IDS.filter((id) => !definitionOf(id).ofOperations)

export const isAssertionId = (id: string): id is AssertionId => Object.hasOwn(ASSERTIONS, id)

const CIRCUMSTANCES: Readonly<Record<Circumstance, true>> = {
  evacuation: true,
  evictions: true,
  'fleet-alone': true,
  'first-eviction': true,
  'new-set': true,
}

/** Of these assertions, those that read nothing of a record but this. */
export function assertionsOn(
  contents: readonly Content[],
  of: readonly AssertionId[] = UPDATE_ASSERTION_IDS,
): AssertionId[] {
  const met = (need: Need) => need in CIRCUMSTANCES || (contents as readonly Need[]).includes(need)
  return of.filter((id) => definitionOf(id).needs.every(met))
}

/** What a record shows without clients of weir. */
export const WITHOUT_CLIENTS: readonly Content[] = [
  'gauges',
  'evacuation-status',
  'pods',
  'service',
  'resource',
  'service-objects',
  'settings',
  'trials',
  'service-objects',
  'health',
]
