import type { RunView } from '#weir/record/view/index.ts'
import { MESSAGES } from '../messages/index.ts'
import { newPodsAt, servingT } from './new-set.ts'
import { blindTo } from './watches.ts'
import { SECOND } from './wording.ts'

const text = MESSAGES['initial-delay']

/** The start of an initial delay: an instant within [fromT, toT], and its name in a sentence. */
export interface DelayStart {
  fromT: number
  toT: number
  what: string
  /** How much earlier than the delay after `fromT` an eviction may be, in seconds; left out where the assertion's own applies. */
  earlySeconds?: number
}

/** Kubernetes keeps times in whole seconds, and a watch reports a change a little after it was made. */
const WHOLE_SECOND_NS = SECOND
const HEARD_NS = SECOND
/** What one clock may differ from another on the same host. */
const SAME_CLOCK_SECONDS = 0.25

/**
 * Where the Service itself is switched, the delay counts from then. Where readiness gates lead the clients, operators
 * count from the whole second in which the resource became available (docs/contract/operator.md#initial-delay:
 * more than the delay), a second or so before the old pods leave the Service. A string is the reason why the start is unknown.
 */
export function delayStart(run: RunView, untilT: number): DelayStart | string {
  if (run.parameters.dialect.trafficSwitch !== 'readiness-gate') {
    // Of several new sets, which a second change makes, the one that clients were moved to.
    const t = servingT(run, newPodsAt(run, untilT)) ?? servingT(run)
    const trigger = run.moments.trigger ?? 0
    if (t === undefined) return text.noStart
    if (blindTo(run, 'endpoints', trigger, Math.max(t, untilT))) return text.blindEndpoints
    return { fromT: t, toT: t, what: text.setServes }
  }
  return availableWithin(run, untilT)
}

function availableWithin(run: RunView, untilT: number): DelayStart | string {
  const trigger = run.moments.trigger ?? 0
  const events = run.of('cr').filter(({ t }) => t >= trigger && t <= untilT)
  const reported = events.findLast(({ startedUnixMs }) => startedUnixMs !== undefined)?.startedUnixMs
  const at = events.findIndex(({ startedUnixMs }) => startedUnixMs === reported)
  if (reported === undefined || at < 0) return text.noAvailable
  const what = text.resourceAvailable
  const heardT = events[at]?.t ?? 0
  const notBeforeT = (events[at - 1]?.t ?? trigger) - HEARD_NS
  if (blindTo(run, 'cr', notBeforeT, heardT)) return text.blindResource
  const stampT = (reported - run.record.manifest.clock.anchorUnixMs) * 1e6
  // By the harness's clock it was between these two, and shortly before the event. A stamp outside comes from a clock
  // that differs.
  const soonest = Math.max(notBeforeT, heardT - HEARD_NS) - WHOLE_SECOND_NS
  if (stampT >= soonest && stampT <= heardT)
    return { fromT: stampT, toT: stampT, what, earlySeconds: SAME_CLOCK_SECONDS }
  return { fromT: notBeforeT, toT: heardT, what }
}

/** The operator's `startedAt` on the record's clock; it keeps whole seconds. */
export function startedT(run: RunView): number | undefined {
  const reported = run.of('cr').find(({ startedUnixMs }) => startedUnixMs !== undefined)?.startedUnixMs
  return reported === undefined ? undefined : (reported - run.record.manifest.clock.anchorUnixMs) * 1e6
}
