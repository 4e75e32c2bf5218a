import type { Bounds } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { connectedCounts } from '../evidence/connected-counts.ts'
import {
  burstOf,
  hasGaps,
  isSetBack,
  type LoggedDrain,
  type LoggedTick,
  loggedDrains,
} from '../evidence/logged-drains.ts'
import { askedOf, ratesOf } from '../evidence/requested.ts'
import { moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { envelopeBound, rangeWithin, type StepCount } from '../statistics/index.ts'
import { type AssertionResult, evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES['log-truth']
const { settle, shared } = MESSAGES

/** Clients may be recorded so much later than their node's line. */
const NOTICED_NS = 0.5 * SECOND

const NONE: StepCount = { t: new Float64Array(), value: new Float64Array() }

/** EMQX's own log of each evacuation is in the record, and tells what its clients saw. */
export const logTruth: Check<'log-truth'> = (run, bounds) => {
  const { connEvictRate } = askedOf(run)
  const bound = text.bound({ rate: connEvictRate, tolerance: bounds.tolerance })
  const open = (why: string, resolve: string, figures?: AssertionResult['figures']) =>
    unknown({ bound, measured: shared.unknown, why, settle: resolve, ...(figures && { figures }) })
  const refused = run.of('api-failure').find(({ api }) => api === 'pods/log')
  if (refused) return open(text.refused({ why: refused.error }), text.refusedSettle)
  if (run.record.logs === undefined) return open(text.noLogs, text.noLogsSettle)
  const torn = run.record.damage.find(({ file }) => file === 'logs.ndjson')
  if (torn) return open(text.torn({ what: torn.what }), settle.wholeRun)
  const drains = loggedDrains(run)
  const ticks = drains.flatMap((drain) => drain.ticks)
  const figures = { nodes: drains.length, ticks: ticks.length, ratePerSecond: connEvictRate }
  for (const drain of drains) {
    const wrong = wrongOf(run, drain, bounds)
    if (wrong) return fail({ bound, figures, ...wrong })
  }
  const evacuated = evacuatedNodes(run)
  if (evacuated.length === 0) return open(text.noEvacuation, settle.drain)
  const silent = evacuated.find((node) => !drains.some((drain) => drain.node === node))
  if (silent !== undefined)
    return open(text.silent({ node: shortName(run, silent) }), text.silentSettle, figures)
  const withGaps = drains.find(({ node }) => hasGaps(run, shortName(run, node)))
  if (withGaps) return open(text.gaps({ node: shortName(run, withGaps.node) }), text.gapsSettle, figures)
  const setBack = drains.find(isSetBack)
  if (setBack && !hasOthers(run))
    return open(text.setBack({ node: shortName(run, setBack.node) }), text.setBackSettle, figures)
  return pass({
    bound,
    figures,
    measured: text.measured(figures),
    sentence: text.held({ ...figures, rate: connEvictRate }),
    evidence: [evidence('logs.ndjson', ticks[0]!.t, ticks.at(-1)!.t, text.seen)],
  })
}

/** Clients that are not weir's are counted too, and come and go as they like. */
const hasOthers = (run: RunView): boolean => (run.parameters.otherClients ?? 0) > 0

/** Nodes that EMQX's status showed to evict connections. */
const evacuatedNodes = (run: RunView): number[] =>
  run.evacuations.flatMap(({ node, states }) =>
    states.some(({ state }) => state === 'evicting_conns') ? [node] : [],
  )

type Wrong = Pick<AssertionResult, 'measured' | 'sentence' | 'evidence' | 'despiteHarness'>

function wrongOf(run: RunView, drain: LoggedDrain, bounds: Bounds<'log-truth'>): Wrong | undefined {
  const node = shortName(run, drain.node)
  const rates = ratesOf(run, drain.node).map(({ connEvictRate }) => connEvictRate)
  const highest = Math.max(...rates)
  const seen = (from: number, to: number) => [evidence('logs.ndjson', from, to, text.seen)]
  const other = drain.ticks.find(({ rate }) => !rates.includes(rate))
  if (other)
    return {
      measured: text.measuredRate({ rate: other.rate }),
      sentence: text.otherRate({ node, rate: other.rate, wanted: highest, at: moment(run, other.t) }),
      evidence: seen(other.t, other.t),
      despiteHarness: true,
    }
  const late = lateFirst(run, drain, bounds)
  if (late !== undefined)
    return {
      measured: text.measuredLate({ ns: late }),
      sentence: text.late({ node, ns: late, seconds: bounds.lateSeconds }),
      evidence: seen(drain.ticks[0]!.t - late, drain.ticks[0]!.t),
    }
  const most = envelopeBound(highest, { ticks: bounds.ticks, slack: bounds.tolerance })
  const burst = hasOthers(run) ? undefined : burstOf(drain, highest)
  const [first, last] = [drain.ticks[0]!, drain.ticks.at(-1)!]
  if (burst && burst.size > most)
    return {
      measured: text.measuredBurst({ burst: Math.round(burst.size) }),
      sentence: text.burst({ node, clients: burst.events, ns: burst.toT - burst.fromT, rate: highest }),
      evidence: seen(first.t, last.t),
      // By EMQX's own clock, and its own counts.
      despiteHarness: true,
    }
  const off = drain.ticks.flatMap((tick) => offBy(run, drain.node, tick, bounds) ?? [])[0]
  if (off)
    return {
      measured: text.measuredCount({ count: off.tick.count }),
      sentence: text.count({ node, ...off, count: off.tick.count, at: moment(run, off.tick.t) }),
      evidence: [
        ...seen(off.tick.t, off.tick.t),
        evidence('clients.arrow', off.tick.t, off.tick.t, text.clientsSeen),
      ],
    }
  return undefined
}

/** By how much the first line came later than EMQX's own status showed the evictions; undefined where it was in time. */
function lateFirst(
  run: RunView,
  { node, ticks }: LoggedDrain,
  bounds: Bounds<'log-truth'>,
): number | undefined {
  const states = run.evacuations.filter((one) => one.node === node).flatMap((one) => one.states)
  const began = states.find(({ state }) => state === 'evicting_conns')
  const ns = began ? ticks[0]!.t - began.seenT : 0
  return ns > bounds.lateSeconds * SECOND ? ns : undefined
}

/** What the clients say of a tick's count, where it is another: within the time that a line may take to arrive. */
function offBy(run: RunView, node: number, tick: LoggedTick, bounds: Bounds<'log-truth'>) {
  // Where a client was may be unknown.
  if (hasOthers(run) || run.record.fleet.ids.length === 0) return undefined
  const { onNode } = connectedCounts(run)
  // The line tells of the moment before it; clients may notice a little later.
  const since = tick.t - bounds.arrivalSeconds * SECOND
  const until = tick.t + NOTICED_NS
  const here = rangeWithin(onNode.get(node) ?? NONE, since, until)
  const somewhere = rangeWithin(onNode.get(-1) ?? NONE, since, until).most
  const [least, most] = [here.least, here.most + somewhere]
  const tolerance = Math.max(bounds.tolerance, bounds.toleranceShare * tick.count)
  return tick.count < least - tolerance || tick.count > most + tolerance ? { tick, least, most } : undefined
}
