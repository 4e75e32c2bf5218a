import type { RunView } from '#weir/record/view/index.ts'
import { servingT } from './new-set.ts'
import { blindTo } from './watches.ts'
import { SECOND } from './wording.ts'

/** From when on an initial delay counts: an instant within [fromT, toT], in the words of a sentence. */
export interface DelayStart {
  fromT: number
  toT: number
  what: string
  /** How much earlier than the delay after `fromT` an eviction may be, in seconds; left out where the assertion's own applies. */
  earlySeconds?: number
}

/** Kubernetes keeps times in whole seconds, and a change is heard of a little after it was made. */
const WHOLE_SECOND_NS = SECOND
const HEARD_NS = SECOND
/** What one clock may differ from another on the same host. */
const SAME_CLOCK_SECONDS = 0.25

/**
 * Where the Service itself is switched, the delay counts from then. Where readiness gates lead the clients, operators
 * count from the whole second in which the resource became available (contract/operator.md B.6: strictly more than the
 * delay), a second or so before the old pods leave the Service. A word instead of a start says what is missing.
 */
export function delayStart(run: RunView, untilT: number): DelayStart | string {
  if (run.parameters.dialect.trafficSwitch !== 'readiness-gate') {
    const t = servingT(run)
    const trigger = run.moments.trigger ?? 0
    if (t === undefined) return 'the record does not show when the new set began to serve'
    if (blindTo(run, 'endpoints', trigger, Math.max(t, untilT)))
      return 'the watch of the endpoints was lost about then'
    return { fromT: t, toT: t, what: 'the new set began to serve' }
  }
  return availableWithin(run, untilT)
}

function availableWithin(run: RunView, untilT: number): DelayStart | string {
  const trigger = run.moments.trigger ?? 0
  const events = run.of('cr').filter(({ t }) => t >= trigger && t <= untilT)
  const told = events.findLast(({ startedUnixMs }) => startedUnixMs !== undefined)?.startedUnixMs
  const at = events.findIndex(({ startedUnixMs }) => startedUnixMs === told)
  if (told === undefined || at < 0) return 'the resource never said when it became available'
  const what = 'the resource became available'
  const heardT = events[at]?.t ?? 0
  const notBeforeT = (events[at - 1]?.t ?? trigger) - HEARD_NS
  if (blindTo(run, 'cr', notBeforeT, heardT)) return 'the watch of the resource was lost about then'
  const stampT = (told - run.record.manifest.clock.anchorUnixMs) * 1e6
  // By the harness's own clock it was between these two, and not long before it was heard of. A stamp that does not fit
  // comes from a clock that differs.
  const soonest = Math.max(notBeforeT, heardT - HEARD_NS) - WHOLE_SECOND_NS
  if (stampT >= soonest && stampT <= heardT)
    return { fromT: stampT, toT: stampT, what, earlySeconds: SAME_CLOCK_SECONDS }
  return { fromT: notBeforeT, toT: heardT, what }
}

/** When the operator says that it began, on the record's clock; it keeps whole seconds. */
export function startedT(run: RunView): number | undefined {
  const told = run.of('cr').find(({ startedUnixMs }) => startedUnixMs !== undefined)?.startedUnixMs
  return told === undefined ? undefined : (told - run.record.manifest.clock.anchorUnixMs) * 1e6
}
