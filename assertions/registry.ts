import type { Assertion } from './assertion.ts'
import { amplification } from './client/amplification.ts'
import { conservation } from './client/conservation.ts'
import { downtime } from './client/downtime.ts'
import { evictionEnvelope } from './client/eviction-envelope.ts'
import { evictionFloor } from './client/eviction-floor.ts'
import { evictionSlope } from './client/eviction-slope.ts'
import { gaugeTruth } from './client/gauge-truth.ts'
import { harnessHealthy } from './client/harness-healthy.ts'
import { hops } from './client/hops.ts'
import { landing } from './client/landing.ts'
import { messages } from './client/messages.ts'
import { noStorm } from './client/no-storm.ts'
import { offlinePeak } from './client/offline-peak.ts'
import { refusals } from './client/refusals.ts'
import { sessionKept } from './client/session-kept.ts'
import { undisturbedBefore } from './client/undisturbed-before.ts'
import { wills } from './client/wills.ts'
import { allNew } from './cluster/all-new.ts'
import { available } from './cluster/available.ts'
import { drainedBeforeDelete } from './cluster/drained-before-delete.ts'
import { duration } from './cluster/duration.ts'
import { evacuationSerial } from './cluster/evacuation-serial.ts'
import { evacuationStates } from './cluster/evacuation-states.ts'
import { initialDelay } from './cluster/initial-delay.ts'
import { statusShape } from './cluster/status-shape.ts'
import { statusTruth } from './cluster/status-truth.ts'
import { switchBeforeEvict } from './cluster/switch-before-evict.ts'

/** Every assertion there is, one a file, in the order in which verdicts list them: that of the design, harness last. */
export const assertions: readonly Assertion[] = [
  evictionEnvelope,
  evictionSlope,
  evictionFloor,
  gaugeTruth,
  evacuationSerial,
  evacuationStates,
  initialDelay,
  undisturbedBefore,
  switchBeforeEvict,
  landing,
  hops,
  noStorm,
  amplification,
  offlinePeak,
  downtime,
  refusals,
  conservation,
  drainedBeforeDelete,
  allNew,
  statusTruth,
  statusShape,
  sessionKept,
  messages,
  wills,
  available,
  duration,
  harnessHealthy,
]

const byId = new Map(assertions.map((assertion) => [assertion.id, assertion]))

/** The assertion with this id, or undefined. */
export function findAssertion(id: string): Assertion | undefined {
  return byId.get(id)
}
