import { CLIENT_KIND } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { judgedSpan } from '../evidence/span.ts'
import { lateness, worstStall } from '../evidence/stall.ts'
import { atTrigger, count, SECOND, seconds, shortName } from '../evidence/wording.ts'
import { quantileOfSorted } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

/** How long a client that subscribes after its CONNACK waits until every SUBACK has come (MQTT 5 §3.8.4). */
export const suback: Check<'suback'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const mostNs = bounds.mostSeconds * SECOND
  const bound = `every SUBACK within ${bounds.mostSeconds} s of the CONNACK, and none refuses`
  const { took, late, refused } = measure(run, mostNs)
  const figures = {
    subscribed: took.length,
    p50Seconds: inSeconds(quantileOfSorted(took, 0.5)),
    p99Seconds: inSeconds(quantileOfSorted(took, 0.99)),
    maxSeconds: inSeconds(took.at(-1)),
    late: late.length,
    refused: refused.length,
  }
  const [first] = refused
  if (first)
    return fail({
      bound,
      measured: count(refused.length, 'refused subscription'),
      sentence: `${count(refused.length, 'subscription')} of ${count(new Set(refused.map(({ client }) => client)).size, 'client')} were refused; the first was that of ${nameOf(run, first)} ${atTrigger(run, first.answerT)}.`,
      evidence: [evidence('clients.arrow', fromT, toT, 'refused subscriptions')],
      figures,
      despiteHarness: true,
    })
  if (took.length + late.length === 0)
    return unknown({
      bound,
      measured: 'no SUBACK',
      sentence: 'Inconclusive: no client had to subscribe after the change.',
      settle: 'a run whose fleet has clients without a session that subscribe',
    })
  const measured = `median ${figures.p50Seconds} s, p99 ${figures.p99Seconds} s, max ${figures.maxSeconds} s`
  const [worst] = late.sort((a, b) => b.overNs - a.overNs)
  if (worst) {
    const answered = Number.isFinite(worst.answerT)
    const until = Math.min(answered ? worst.answerT : worst.endT, toT)
    return fail({
      bound,
      measured,
      sentence: `${count(new Set(late.map(({ client }) => client)).size, 'client')} waited too long for SUBACK; ${nameOf(run, worst)}, connected to ${shortName(run, worst.node)} ${atTrigger(run, worst.connectedT)}, ${answered ? `got it after ${seconds(until - worst.connectedT)}` : `had none after ${seconds(until - worst.connectedT)}`}.`,
      evidence: [evidence('clients.arrow', worst.connectedT, until, `client ${nameOf(run, worst)}`)],
      figures,
      despiteHarness: worst.overNs > worstStall(run, worst.connectedT, until),
    })
  }
  return pass({
    bound,
    measured,
    sentence: `All ${count(took.length, 'client')} that subscribed again had their SUBACK within ${figures.maxSeconds} s, half of them within ${figures.p50Seconds} s.`,
    evidence: [evidence('clients.arrow', fromT, toT, 'CONNACK to SUBACK of each connection')],
    figures,
  })
}

interface Subscribing {
  client: number
  node: number
  connectedT: number
  /** Infinity where no answer is in the record. */
  answerT: number
  endT: number
  overNs: number
}

const nameOf = (run: RunView, { client }: Subscribing) => run.record.fleet.ids[client] ?? String(client)

/** Nanoseconds, ascending, of those that were answered; those that waited longer than allowed; those that were refused. */
function measure(run: RunView, mostNs: number) {
  const { fromT, toT } = judgedSpan(run)
  const { connections, record } = run
  const { fleet } = record
  const answers = answersOf(run)
  const took: number[] = []
  const late: Subscribing[] = []
  const refused: Subscribing[] = []
  for (let i = 0; i < connections.length; i++) {
    const client = connections.client[i]!
    const connectedT = connections.from[i]!
    if (!fleet.groups[fleet.group[client]!]!.subscribed || connectedT < fromT || connectedT >= toT) continue
    const endT = Math.min(connections.to[i]!, toT)
    const answer = answers.get(client)?.find(({ t }) => t >= connectedT && t <= endT)
    // A session that is still there holds its subscriptions: whether SUBSCRIBE was sent shows only in the answer.
    if (!answer && (connections.sessionPresent[i] !== 0 || answers.size === 0)) continue
    const answerT = answer?.t ?? Number.POSITIVE_INFINITY
    const waitedNs = Math.min(answerT, endT) - connectedT
    const overNs = waitedNs - mostNs
    const one = { client, node: connections.node[i]!, connectedT, answerT, endT, overNs }
    if (answer?.refused) refused.push(one)
    else if (answer) took.push(waitedNs)
    if (!answer?.refused && overNs > 0 && overNs > lateness(run, connectedT, connectedT + waitedNs))
      late.push(one)
  }
  return { took: Float64Array.from(took).sort(), late, refused }
}

/** By client, in order of time. Empty for records of versions that did not write them. */
function answersOf({ record: { clients } }: RunView): Map<number, { t: number; refused: boolean }[]> {
  const answers = new Map<number, { t: number; refused: boolean }[]>()
  for (let i = 0; i < clients.length; i++) {
    const refused = clients.kind[i] === CLIENT_KIND['subscribe-refused']
    if (!refused && clients.kind[i] !== CLIENT_KIND.subscribed) continue
    const of = answers.get(clients.client[i]!) ?? []
    of.push({ t: clients.t[i]!, refused })
    answers.set(clients.client[i]!, of)
  }
  return answers
}

const inSeconds = (ns: number | undefined) =>
  ns === undefined || Number.isNaN(ns) ? null : Number((ns / SECOND).toFixed(3))
