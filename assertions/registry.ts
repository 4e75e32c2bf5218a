import type { AssertionId } from '#weir/facts/index.ts'
import type { Check } from './check.ts'
import { addressesKept } from './checks/addresses-kept.ts'
import { allNew } from './checks/all-new.ts'
import { amplification } from './checks/amplification.ts'
import { asBefore } from './checks/as-before.ts'
import { available } from './checks/available.ts'
import { balance } from './checks/balance.ts'
import { capacityFollows } from './checks/capacity-follows.ts'
import { conservation } from './checks/conservation.ts'
import { dataKept } from './checks/data-kept.ts'
import { downtime } from './checks/downtime.ts'
import { drainedBeforeDelete } from './checks/drained-before-delete.ts'
import { duration } from './checks/duration.ts'
import { evacuationSerial } from './checks/evacuation-serial.ts'
import { evacuationStates } from './checks/evacuation-states.ts'
import { evictionEnvelope } from './checks/eviction-envelope.ts'
import { evictionFloor } from './checks/eviction-floor.ts'
import { evictionSlope } from './checks/eviction-slope.ts'
import { exposure } from './checks/exposure.ts'
import { gaugeTruth } from './checks/gauge-truth.ts'
import { harnessHealthy } from './checks/harness-healthy.ts'
import { hops } from './checks/hops.ts'
import { immediate } from './checks/immediate.ts'
import { initialDelay } from './checks/initial-delay.ts'
import { landing } from './checks/landing.ts'
import { limitHolds } from './checks/limit-holds.ts'
import { logTruth } from './checks/log-truth.ts'
import { membershipExact } from './checks/membership-exact.ts'
import { messages } from './checks/messages.ts'
import { noStorm } from './checks/no-storm.ts'
import { offlinePeak } from './checks/offline-peak.ts'
import { orderOfDeletion } from './checks/order-of-deletion.ts'
import { refusals } from './checks/refusals.ts'
import { resized } from './checks/resized.ts'
import { serviceAsAsked } from './checks/service-as-asked.ts'
import { sessionKept } from './checks/session-kept.ts'
import { stateTruth } from './checks/state-truth.ts'
import { statusShape } from './checks/status-shape.ts'
import { statusTruth } from './checks/status-truth.ts'
import { stopped } from './checks/stopped.ts'
import { suback } from './checks/suback.ts'
import { switchBeforeEvict } from './checks/switch-before-evict.ts'
import { undisturbedBefore } from './checks/undisturbed-before.ts'
import { untouched } from './checks/untouched.ts'
import { wills } from './checks/wills.ts'

/** The check of every assertion: one that is missing, or for another's bounds, does not compile. */
export const CHECKS: { readonly [Id in AssertionId]: Check<Id> } = {
  'addresses-kept': addressesKept,
  'all-new': allNew,
  amplification: amplification,
  suback: suback,
  'as-before': asBefore,
  available: available,
  balance,
  'capacity-follows': capacityFollows,
  conservation: conservation,
  'data-kept': dataKept,
  downtime: downtime,
  'drained-before-delete': drainedBeforeDelete,
  duration: duration,
  'evacuation-serial': evacuationSerial,
  'evacuation-states': evacuationStates,
  'eviction-envelope': evictionEnvelope,
  'eviction-floor': evictionFloor,
  'eviction-slope': evictionSlope,
  exposure,
  'gauge-truth': gaugeTruth,
  'harness-healthy': harnessHealthy,
  hops: hops,
  immediate: immediate,
  'initial-delay': initialDelay,
  landing: landing,
  'limit-holds': limitHolds,
  'log-truth': logTruth,
  'membership-exact': membershipExact,
  messages: messages,
  'no-storm': noStorm,
  'offline-peak': offlinePeak,
  'order-of-deletion': orderOfDeletion,
  refusals: refusals,
  resized: resized,
  'service-as-asked': serviceAsAsked,
  'session-kept': sessionKept,
  'state-truth': stateTruth,
  'status-shape': statusShape,
  'status-truth': statusTruth,
  stopped: stopped,
  'switch-before-evict': switchBeforeEvict,
  'undisturbed-before': undisturbedBefore,
  untouched: untouched,
  wills: wills,
}
