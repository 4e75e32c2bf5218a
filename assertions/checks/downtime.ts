import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { judgedSpan, reconnectNs } from '../evidence/span.ts'
import { lateness, worstStall } from '../evidence/stall.ts'
import { atTrigger, count, SECOND, seconds, shortName } from '../evidence/wording.ts'
import { quantileOfSorted } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** How long each client was without service, from the end of its connection to the next CONNACK 0. */
export const downtime: Check<'downtime'> = (run, bounds) => {
  const delayNs = reconnectNs(run)
  const bound = `at most ${seconds(delayNs)} × (1 + refusals) + ${bounds.graceSeconds} s, never over ${bounds.mostSeconds} s`
  const { took, late, open } = measure(run, bounds.graceSeconds * SECOND, bounds.mostSeconds * SECOND)
  if (took.length === 0 && late.length === 0)
    return unknown({
      bound,
      measured: 'no downtime',
      why: 'no client that comes back was evicted after the trigger',
      settle: 'a run in which a node is drained',
    })
  const { fromT, toT } = judgedSpan(run)
  const figures = {
    spells: took.length,
    p50Seconds: inSeconds(quantileOfSorted(took, 0.5)),
    p95Seconds: inSeconds(quantileOfSorted(took, 0.95)),
    p99Seconds: inSeconds(quantileOfSorted(took, 0.99)),
    maxSeconds: inSeconds(took.at(-1) ?? Number.NaN),
    late: late.length,
    neverBack: late.filter((one) => !Number.isFinite(one.to)).length,
    stillAwayAtEnd: open,
  }
  const measured = `median ${figures.p50Seconds} s, p99 ${figures.p99Seconds} s, max ${figures.maxSeconds} s`
  if (late.length === 0)
    return pass({
      bound,
      measured,
      sentence: `All ${count(took.length, 'spell')} without service ended within ${figures.maxSeconds} s, half of them within ${figures.p50Seconds} s.`,
      evidence: [evidence('clients.arrow', fromT, toT, 'disconnect to CONNACK of each client')],
      figures,
    })
  const worst = late.reduce((a, b) => (b.overNs > a.overNs ? b : a))
  const id = run.record.fleet.ids[worst.client] ?? worst.client
  const came = Number.isFinite(worst.to)
    ? `took ${seconds(worst.to - worst.from)} to come back`
    : 'never came back'
  return fail({
    bound,
    measured,
    sentence: `${tooLong(late)}; ${id}, dropped by ${shortName(run, worst.fromNode)} ${atTrigger(run, worst.from)}, ${came}.`,
    evidence: [evidence('clients.arrow', worst.from, Math.min(worst.to, toT), `client ${id}`)],
    figures: { ...figures, worstClient: String(id) },
    despiteHarness: worst.overNs > worstStall(run, worst.from, Math.min(worst.to, toT)),
  })
}

/** A client may be without service more than once. */
function tooLong(late: readonly Late[]): string {
  const clients = new Set(late.map((one) => one.client)).size
  const times = late.length > clients ? `, ${late.length} times in all` : ''
  return `${count(clients, 'client')} ${clients === 1 ? 'was' : 'were'} without service too long${times}`
}

interface Late {
  client: number
  from: number
  to: number
  fromNode: number
  overNs: number
}

/** `took` ascending; `open` are clients whose time was not up yet when the record ended. */
function measure(
  run: RunView,
  graceNs: number,
  mostNs: number,
): { took: Float64Array; late: Late[]; open: number } {
  const { fromT, toT } = judgedSpan(run)
  const { spells } = run
  const took: number[] = []
  const late: Late[] = []
  let open = 0
  for (let i = 0; i < spells.length; i++) {
    const from = spells.from[i]!
    if (from < fromT || from >= toT || spells.away[i] !== 0) continue
    const back = spells.to[i]! < toT
    const ns = (back ? spells.to[i]! : toT) - from
    const allowed = Math.min(mostNs, reconnectNs(run) * (1 + spells.refusals[i]!) + graceNs)
    if (back) took.push(ns)
    else if (ns <= allowed) open++
    // What the harness itself may have been late by is no client's downtime.
    if (ns > allowed && ns - allowed > lateness(run, from, from + ns))
      late.push({
        client: spells.client[i]!,
        from,
        to: back ? spells.to[i]! : Number.POSITIVE_INFINITY,
        fromNode: spells.fromNode[i]!,
        overNs: ns - allowed,
      })
  }
  return { took: Float64Array.from(took).sort(), late, open }
}

function inSeconds(ns: number): number | null {
  return Number.isFinite(ns) ? Number((ns / SECOND).toFixed(3)) : null
}
