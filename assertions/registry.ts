import type { Assertion } from './assertion.ts'
import { allNew } from './checks/all-new.ts'
import { amplification } from './checks/amplification.ts'
import { available } from './checks/available.ts'
import { conservation } from './checks/conservation.ts'
import { downtime } from './checks/downtime.ts'
import { drainedBeforeDelete } from './checks/drained-before-delete.ts'
import { duration } from './checks/duration.ts'
import { evacuationSerial } from './checks/evacuation-serial.ts'
import { evacuationStates } from './checks/evacuation-states.ts'
import { evictionEnvelope } from './checks/eviction-envelope.ts'
import { evictionFloor } from './checks/eviction-floor.ts'
import { evictionSlope } from './checks/eviction-slope.ts'
import { gaugeTruth } from './checks/gauge-truth.ts'
import { harnessHealthy } from './checks/harness-healthy.ts'
import { hops } from './checks/hops.ts'
import { initialDelay } from './checks/initial-delay.ts'
import { landing } from './checks/landing.ts'
import { messages } from './checks/messages.ts'
import { noStorm } from './checks/no-storm.ts'
import { offlinePeak } from './checks/offline-peak.ts'
import { refusals } from './checks/refusals.ts'
import { sessionKept } from './checks/session-kept.ts'
import { statusShape } from './checks/status-shape.ts'
import { statusTruth } from './checks/status-truth.ts'
import { switchBeforeEvict } from './checks/switch-before-evict.ts'
import { undisturbedBefore } from './checks/undisturbed-before.ts'
import { wills } from './checks/wills.ts'

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
