import { CLIENT_KIND } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { judgedSpan } from '../evidence/span.ts'
import { lateness, worstStall } from '../evidence/stall.ts'
import { clientId, moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { quantileOfSorted } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.suback
const { shared } = MESSAGES

/** How long a client that subscribes after its CONNACK waits until every SUBACK has come (MQTT 5 §3.8.4). */
export const suback: Check<'suback'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const mostNs = bounds.mostSeconds * SECOND
  const bound = text.bound(bounds)
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
      measured: text.measuredRefused({ refused: refused.length }),
      sentence: text.refused({
        refused: refused.length,
        clients: new Set(refused.map(({ client }) => client)).size,
        client: clientId(run, first.client),
        at: moment(run, first.answerT),
      }),
      evidence: [evidence('clients.arrow', fromT, toT, text.refusedSeen)],
      figures,
      despiteHarness: true,
    })
  if (took.length + unanswered === 0)
    return unknown({
      bound,
      ...text.none,
      settle: text.noneSettle,
    })
  const measured = text.measured(figures)
  const [worst] = late.sort((a, b) => b.overNs - a.overNs)
  if (worst)
    return fail({
      bound,
      measured,
      sentence: text.late({
        clients: new Set(late.map(({ client }) => client)).size,
        client: clientId(run, worst.client),
        node: shortName(run, worst.node),
        at: moment(run, worst.connectedT),
        tookNs: worst.answerT - worst.connectedT,
      }),
      evidence: [
        evidence(
          'clients.arrow',
          worst.connectedT,
          worst.answerT,
          shared.eventsOf({ client: clientId(run, worst.client) }),
        ),
      ],
      figures,
      despiteHarness: worst.overNs > worstStall(run, worst.connectedT, worst.answerT),
    })
  // A row that is missing and a broker that never answers look alike.
  if (unanswered > 0)
    return unknown({
      bound,
      measured,
      why: text.unanswered({ unanswered }),
      settle: text.unansweredSettle,
      figures,
    })
  return pass({
    bound,
    measured,
    sentence: text.held({ clients: took.length, ...figures }),
    evidence: [evidence('clients.arrow', fromT, toT, text.seen)],
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
