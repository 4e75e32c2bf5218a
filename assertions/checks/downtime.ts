import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { retriesOf } from '../evidence/retries.ts'
import { judgedSpan, reconnectNs } from '../evidence/span.ts'
import { lateness, measuredLateness, totalDelay } from '../evidence/stall.ts'
import { clientId, moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { quantileOfSorted } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.downtime
const { settle, shared } = MESSAGES

/** How long each client was without service, from the end of its connection to the next CONNACK 0. */
export const downtime: Check<'downtime'> = (run, bounds) => {
  const delayNs = reconnectNs(run)
  const mostNs = bounds.mostSeconds * SECOND + retriesOf(run).longest(run.evictions.length) * delayNs
  const bound = text.bound({ delayNs, ...bounds, mostSeconds: Math.round(mostNs / SECOND) })
  const { took, late, doubtful, open } = measure(run, bounds.graceSeconds * SECOND, mostNs)
  if (took.length === 0 && late.length === 0)
    return unknown({
      bound,
      measured: text.none,
      why: shared.noReturn,
      settle: settle.drain,
    })
  const { fromT, toT } = judgedSpan(run)
  const figures = {
    spells: took.length,
    p50Seconds: inSeconds(quantileOfSorted(took, 0.5)),
    p95Seconds: inSeconds(quantileOfSorted(took, 0.95)),
    p99Seconds: inSeconds(quantileOfSorted(took, 0.99)),
    maxSeconds: inSeconds(took.at(-1) ?? Number.NaN),
    mostSeconds: mostNs / SECOND,
    late: late.length,
    neverBack: late.filter((one) => !Number.isFinite(one.to)).length,
    stillAwayAtEnd: open,
  }
  const measured = text.measured(figures)
  if (late.length === 0 && doubtful.length > 0)
    return unknown({
      bound,
      measured,
      why: text.doubtful({ periods: doubtful.length, ns: Math.max(...doubtful.map(({ overNs }) => overNs)) }),
      settle: settle.lessLoad,
      figures,
    })
  if (late.length === 0)
    return pass({
      bound,
      measured,
      sentence: text.held(figures),
      evidence: [evidence('clients.arrow', fromT, toT, text.seen)],
      figures,
    })
  const worst = late.reduce((a, b) => (b.overNs > a.overNs ? b : a))
  const id = clientId(run, worst.client)
  return fail({
    bound,
    measured,
    sentence: text.late({
      clients: new Set(late.map((one) => one.client)).size,
      periods: late.length,
      client: id,
      node: shortName(run, worst.fromNode),
      at: moment(run, worst.from),
      tookNs: worst.to - worst.from,
    }),
    evidence: [
      evidence('clients.arrow', worst.from, Math.min(worst.to, toT), shared.eventsOf({ client: id })),
    ],
    figures: { ...figures, worstClient: id },
    despiteHarness: worst.overNs > totalDelay(run, worst.from, Math.min(worst.to, toT)),
  })
}

/** Periods of downtime that a measured stall may explain without a doubt about the others. */
const EXPLAINED_SHARE = 0.01

interface Late {
  client: number
  from: number
  to: number
  fromNode: number
  overNs: number
}

/** `took` ascending; `doubtful`: too long by no more than the harness may have been late; `open` counts clients that were still within their bound when the record ended. */
function measure(
  run: RunView,
  graceNs: number,
  mostNs: number,
): { took: Float64Array; late: Late[]; doubtful: Late[]; open: number } {
  const { fromT, toT } = judgedSpan(run)
  const { spells } = run
  const took: number[] = []
  const late: Late[] = []
  const doubtful: Late[] = []
  const explained: Late[] = []
  let open = 0
  for (let i = 0; i < spells.length; i++) {
    const from = spells.from[i]!
    if (from < fromT || from >= toT || spells.away[i] !== 0) continue
    const back = spells.to[i]! < toT
    const ns = (back ? spells.to[i]! : toT) - from
    const allowed = Math.min(mostNs, reconnectNs(run) * (1 + spells.refusals[i]!) + graceNs)
    if (back) took.push(ns)
    else if (ns <= allowed) open++
    if (ns <= allowed) continue
    // A late harness is no client's downtime.
    const overNs = ns - allowed
    const measuredNs = measuredLateness(run, from, from + ns)
    const isLate = overNs > lateness(run, from, from + ns)
    const list = isLate ? late : measuredNs === undefined ? doubtful : explained
    list.push({
      client: spells.client[i]!,
      from,
      to: back ? spells.to[i]! : Number.POSITIVE_INFINITY,
      fromNode: spells.fromNode[i]!,
      overNs,
    })
  }
  // A stall explains a few periods. That it explains many is no proof that the rest was well.
  if (explained.length > EXPLAINED_SHARE * took.length) doubtful.push(...explained)
  return { took: Float64Array.from(took).sort(), late, doubtful, open }
}

function inSeconds(ns: number): number | null {
  return Number.isFinite(ns) ? Number((ns / SECOND).toFixed(3)) : null
}
