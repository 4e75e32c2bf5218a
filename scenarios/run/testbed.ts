import type { DialectFacts } from '#weir/facts/index.ts'
import type { Scenario } from '../types.ts'

type Testbed = Scenario['testbed']

/** The release line that a testbed emulates; undefined where a build of the operator runs, which nobody knows. */
export const emulatedLine = ({ operator }: Testbed): string | undefined =>
  typeof operator === 'string' ? operator : undefined

/** The pause of the emulated operator; a build keeps its own. */
export const emulatedPollSeconds = (testbed: Testbed): number | undefined =>
  emulatedLine(testbed) === undefined ? undefined : testbed.pollIntervalSeconds

/** The wait of emulated EMQX nodes before they evict; installations keep their own. */
export const emulatedHealthCheckWaitSeconds = ({
  emqx,
  healthCheckWaitSeconds,
}: Testbed): number | undefined => (emqx === undefined ? healthCheckWaitSeconds : undefined)

/** How late a licence may be where the testbed has the kubelet write Secrets more often: two of its rounds, and the reloader. */
export const emulatedLimitSeconds = (
  { secretSyncSeconds }: Testbed,
  { limitWithinSeconds: released }: DialectFacts,
): number | undefined =>
  secretSyncSeconds === undefined || released === undefined
    ? undefined
    : Math.min(released, Math.max(5, secretSyncSeconds * 2))

/** True where everything is emulated, so that a scenario's own deadlines fit. */
export const isEmulated = (testbed: Testbed): boolean =>
  emulatedLine(testbed) !== undefined && testbed.emqx === undefined
