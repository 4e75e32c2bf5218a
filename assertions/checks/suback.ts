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
      sentence: `${count(refused.length, 'subscription')} of ${count(new Set(refused.map(({ client }) => client)).size, 'client')} were refused; the first was that of ${nameOf(run, first)} ${atTrigger(run, first.untilT)}.`,
      evidence: [evidence('clients.arrow', fromT, toT, 'refused subscriptions')],
      figures,
      despiteHarness: true,
    })
  if (took.length + late.length + unanswered === 0)
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
      sentence: `${count(new Set(late.map(({ client }) => client)).size, 'client')} waited too long for SUBACK; ${nameOf(run, worst)}, connected to ${shortName(run, worst.node)} ${atTrigger(run, worst.connectedT)}, ${worst.answered ? 'received it after' : 'had none after'} ${seconds(worst.untilT - worst.connectedT)}.`,
      evidence: [evidence('clients.arrow', worst.connectedT, worst.untilT, `client ${nameOf(run, worst)}`)],
      figures,
      despiteHarness: worst.overNs > worstStall(run, worst.connectedT, worst.untilT),
    })
  // The generator records a SUBACK that never came, so a connection without any row has lost it.
  if (unanswered > 0)
    return unknown({
      bound,
      measured,
      why: `the record has no SUBACK for ${count(unanswered, 'connection')} that subscribed`,
      settle: 'a record without missing client events',
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
  /** When the SUBACK came, or the connection ended without it. */
  untilT: number
  answered: boolean
  overNs: number
}

const nameOf = (run: RunView, { client }: Subscribing) => run.record.fleet.ids[client] ?? String(client)

/** Nanoseconds, ascending, of those that were answered; those that waited too long; those refused; connections without any row. */
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
    const endT = connections.to[i]!
    const answer = answers.get(client)?.find(({ t }) => t >= connectedT && t <= endT)
    if (!answer) {
      // A session that is still there holds its subscriptions: then no SUBSCRIBE is sent.
      if (connections.sessionPresent[i] === 0 && Math.min(endT, toT) - connectedT > mostNs) unanswered++
      continue
    }
    const answered = answer.kind !== CLIENT_KIND['subscribe-unanswered']
    const untilT = answered ? answer.t : Math.min(answer.t, toT)
    const waitedNs = untilT - connectedT
    const node = connections.node[i]!
    const one = { client, node, connectedT, untilT, answered, overNs: waitedNs - mostNs }
    if (answer.kind === CLIENT_KIND['subscribe-refused']) refused.push(one)
    else if (one.overNs > Math.max(0, lateness(run, connectedT, untilT))) late.push(one)
    if (answer.kind === CLIENT_KIND.subscribed) took.push(waitedNs)
  }
  return { took: Float64Array.from(took).sort(), late, refused, unanswered }
}

/** By client, in order of time. Empty for records of versions that did not write them. */
function answersOf({ record: { clients } }: RunView): Map<number, { t: number; kind: number }[]> {
  const kinds = [
    CLIENT_KIND.subscribed,
    CLIENT_KIND['subscribe-refused'],
    CLIENT_KIND['subscribe-unanswered'],
  ]
  const answers = new Map<number, { t: number; kind: number }[]>()
  for (let i = 0; i < clients.length; i++) {
    const kind = clients.kind[i]!
    if (!kinds.includes(kind)) continue
    const of = answers.get(clients.client[i]!) ?? []
    of.push({ t: clients.t[i]!, kind })
    answers.set(clients.client[i]!, of)
  }
  return answers
}

const inSeconds = (ns: number | undefined) =>
  ns === undefined || Number.isNaN(ns) ? null : Number((ns / SECOND).toFixed(3))
