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
  const { took, late, refused, unanswered } = measure(run, mostNs)
  const figures = {
    subscribed: took.length,
    p50Seconds: inSeconds(quantileOfSorted(took, 0.5)),
    p99Seconds: inSeconds(quantileOfSorted(took, 0.99)),
    maxSeconds: inSeconds(took.at(-1)),
    late: late.length,
    refused: refused.length,
    unanswered,
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
  if (took.length + unanswered === 0)
    return unknown({
      bound,
      measured: 'no SUBACK',
      why: 'no client had to subscribe after the change',
      settle: 'a run whose fleet has clients without a session that subscribe',
    })
  const measured = `median ${figures.p50Seconds} s, p99 ${figures.p99Seconds} s, max ${figures.maxSeconds} s`
  const [worst] = late.sort((a, b) => b.overNs - a.overNs)
  if (worst)
    return fail({
      bound,
      measured,
      sentence: `${count(new Set(late.map(({ client }) => client)).size, 'client')} waited too long for SUBACK; ${nameOf(run, worst)}, connected to ${shortName(run, worst.node)} ${atTrigger(run, worst.connectedT)}, got it after ${seconds(worst.answerT - worst.connectedT)}.`,
      evidence: [evidence('clients.arrow', worst.connectedT, worst.answerT, `client ${nameOf(run, worst)}`)],
      figures,
      despiteHarness: worst.overNs > worstStall(run, worst.connectedT, worst.answerT),
    })
  // A row that is missing and a broker that never answers look alike.
  if (unanswered > 0)
    return unknown({
      bound,
      measured,
      why: `the record has no SUBACK for ${count(unanswered, 'connection')} that subscribed`,
      settle:
        'a whole record; if this one is whole, look for SUBSCRIBE packets that the broker does not answer',
      figures,
    })
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
  answerT: number
  overNs: number
}

const nameOf = (run: RunView, { client }: Subscribing) => run.record.fleet.ids[client] ?? String(client)

/** Nanoseconds, ascending, of those that were answered; those answered too late; those refused; how many have no answer. */
function measure(run: RunView, mostNs: number) {
  const { fromT, toT } = judgedSpan(run)
  const { connections, record } = run
  const { fleet } = record
  const answers = answersOf(run)
  const took: number[] = []
  const late: Subscribing[] = []
  const refused: Subscribing[] = []
  let unanswered = 0
  for (let i = 0; i < connections.length; i++) {
    const client = connections.client[i]!
    const connectedT = connections.from[i]!
    if (!fleet.groups[fleet.group[client]!]!.subscribed || connectedT < fromT || connectedT >= toT) continue
    const endT = Math.min(connections.to[i]!, toT)
    const answer = answers.get(client)?.find(({ t }) => t >= connectedT && t <= endT)
    if (!answer) {
      // A session that is still there holds its subscriptions: then no SUBSCRIBE is sent.
      if (connections.sessionPresent[i] === 0 && endT - connectedT > mostNs) unanswered++
      continue
    }
    const waitedNs = answer.t - connectedT
    const one = {
      client,
      node: connections.node[i]!,
      connectedT,
      answerT: answer.t,
      overNs: waitedNs - mostNs,
    }
    if (answer.refused) refused.push(one)
    else took.push(waitedNs)
    if (!answer.refused && one.overNs > lateness(run, connectedT, answer.t) && one.overNs > 0) late.push(one)
  }
  return { took: Float64Array.from(took).sort(), late, refused, unanswered }
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
