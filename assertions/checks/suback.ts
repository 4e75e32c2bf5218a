import { CLIENT_KIND } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'
import type { Check } from '../check.ts'
import { judgedSpan } from '../evidence/span.ts'
import { measuredLateness, totalDelay } from '../evidence/stall.ts'
import { clientId, moment, SECOND, shortName } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { quantileOfSorted } from '../statistics/index.ts'
import { evidence, fail, pass, unknown } from '../verdict/finding.ts'

const text = MESSAGES.suback
const { settle, shared } = MESSAGES

/** How long a client that subscribes after its CONNACK waits until every SUBACK has come (MQTT 5 §3.8.4). */
export const suback: Check<'suback'> = (run, bounds) => {
  const { fromT, toT } = judgedSpan(run)
  const mostNs = bounds.mostSeconds * SECOND
  const bound = text.bound(bounds)
  const { took, late, explained, refused, unanswered } = measure(run, mostNs)
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
        at: moment(run, first.untilT),
      }),
      evidence: [evidence('clients.arrow', fromT, toT, text.refusedSeen)],
      figures,
      despiteHarness: true,
    })
  if (took.length + late.length + unanswered === 0)
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
        waitedNs: worst.untilT - worst.connectedT,
        answered: worst.answered,
      }),
      evidence: [
        evidence(
          'clients.arrow',
          worst.connectedT,
          worst.untilT,
          shared.eventsOf({ client: clientId(run, worst.client) }),
        ),
      ],
      figures,
      despiteHarness: worst.overNs > totalDelay(run, worst.connectedT, worst.untilT),
    })
  // A stall explains a few. That it explains many is no proof that the rest was well.
  if (explained.length > EXPLAINED_SHARE * took.length)
    return unknown({
      bound,
      measured,
      why: text.doubtful({ late: explained.length, ns: Math.max(...explained.map(({ overNs }) => overNs)) }),
      settle: settle.lessLoad,
      figures,
    })
  // The generator records a SUBACK that never came, so a connection without any row has lost it.
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

/** Late SUBACKs that measured stalls may explain without a doubt about the others. */
const EXPLAINED_SHARE = 0.01

interface Subscribing {
  client: number
  node: number
  connectedT: number
  /** When the SUBACK came, or the connection ended without it. */
  untilT: number
  answered: boolean
  overNs: number
}

/** Nanoseconds, ascending, of those that were answered; those that waited too long, and those of whose wait a stall explains so much; those refused; connections without any row. */
function measure(run: RunView, mostNs: number) {
  const { fromT, toT } = judgedSpan(run)
  const { connections, record } = run
  const { fleet } = record
  const answers = answersOf(run)
  const took: number[] = []
  const late: Subscribing[] = []
  const explained: Subscribing[] = []
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
    else if (one.overNs > 0 && one.overNs > (measuredLateness(run, connectedT, untilT) ?? 0)) late.push(one)
    else if (one.overNs > 0) explained.push(one)
    if (answer.kind === CLIENT_KIND.subscribed) took.push(waitedNs)
  }
  return { took: Float64Array.from(took).sort(), late, explained, refused, unanswered }
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
