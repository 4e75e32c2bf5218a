import type { AssertionId } from '#weir/facts/index.ts'
import type { FaultName } from '#weir/testbed/faults/index.ts'

/** What interferes with an update: a scenario for each, on both main dialects. */
const ON_BOTH = [
  'scaled',
  'twice',
  'reverted',
  'corrected',
  'slowed',
  'operator-restarted',
  'operator-gone',
  'old-node-killed',
  'new-node-killed',
  'machine-drained',
  'api-server-restarted',
  'api-outage',
  'network-cut',
  'clock-step',
]
/** The other dialect has defaults for what the resource does not say. */
const ON_V1BETA4 = ['strategy-removed']

export const interferenceOn = (dialect: string): string[] =>
  dialect === 'v1beta4'
    ? [...ON_BOTH, ...ON_V1BETA4].map((one) => `upgrade-${one}`)
    : ON_BOTH.map((one) => `upgrade-${one}-v5`)

/** One that the short acceptance shows on each dialect, and a fault that must be caught in it too. */
export const SHOWN_ON: Readonly<
  Record<string, { scenario: string; fault: FaultName; caughtBy: AssertionId }>
> = {
  v1beta4: { scenario: 'upgrade-operator-restarted', fault: 'lost-client', caughtBy: 'conservation' },
  v2beta1: { scenario: 'upgrade-new-node-killed-v5', fault: 'rate-ignored', caughtBy: 'eviction-envelope' },
}
