import { type Moment, seconds } from '../evidence/wording.ts'
import { count, type Quantiles, quantiles, when } from './english.ts'

/** Messages of the assertions on messages, wills and subscriptions. */
export const traffic = {
  messages: {
    bound: (v: {
      lost: number
      twice: number
      disordered: number
      mayDuplicate: boolean
      takeoverSeconds: number
    }) =>
      `${v.lost} lost of QoS 1 and 2, ${v.twice} of QoS 2 twice, ${v.disordered} out of order (${v.mayDuplicate ? 'the last two' : 'the last'} except within ${v.takeoverSeconds} s of a takeover)`,
    noPublishers: { measured: 'no publishers', why: 'the fleet has no publishers' },
    noPublishersSettle: 'Use a fleet that publishes messages to itself.',
    noAccount: 'no account of the messages',
    cutAccount: 'messages.ndjson is truncated, so the delivery of the messages is not known',
    missingAccount: 'the record has no messages.ndjson, which is written when the fleet has stopped',
    measured: (v: { lost: number; acknowledged: number; twice: number; disordered: number }) =>
      `${v.lost} of ${v.acknowledged} acknowledged lost, ${v.twice} twice, ${v.disordered} out of order`,
    seen: 'delivery of the messages',
    noPairs: 'no published message is accounted for at a subscriber',
    noPairsSettle: 'Use publishers of payload kind "ledger" and clients that subscribe to their topics.',
    overflow: ({ overflowed, pairs }: { overflowed: number; pairs: number }) =>
      `for ${overflowed} of ${count(pairs, 'pair')} of publisher and subscriber, too many messages were in flight at once to track`,
    overflowSettle: 'Publish fewer messages a second, or keep clients offline for a shorter time.',
    waiting: ({ waiting }: { waiting: number }) =>
      waiting > 0
        ? `${count(waiting, 'message')} had not arrived when the run ended, and may only have been late`
        : 'messages were still in flight when the run ended',
    waitingSettle: 'Let the run reach its end with every client online.',
    noneReceived: 'no message arrived that could be judged',
    noneReceivedSettle: 'Run a scenario in which clients publish.',
    membersOf: ({ share }: { share: string }) => `the members of ${share}`,
    lost: (v: {
      lost: number
      acknowledged: number
      subscribers: number
      pairLost: number
      from: string
      to: string
      sequences: readonly number[]
    }) =>
      `${count(v.lost, 'acknowledged message')} of ${v.acknowledged} never reached ${count(v.subscribers, 'subscriber')} with a continuous session: ${v.pairLost} from ${v.from} to ${v.to}${sequenceNumbers(v)}.`,
    twice: (v: Breach) =>
      `${count(v.messages, 'message')} of QoS 2 arrived more than once at ${count(v.subscribers, 'subscriber')}, one from ${v.from} to ${v.to}${v.at === undefined ? '' : ` ${when(v.at)}`}.`,
    disordered: (v: Breach) =>
      `${count(v.messages, 'message')} arrived after a later one of the same publisher and topic at ${count(v.subscribers, 'subscriber')}, one from ${v.from} to ${v.to}${v.at === undefined ? '' : ` ${when(v.at)}`}.`,
    held: (v: {
      received: number
      sent: number
      redelivered: number
      extraQos1: number
      atTakeover: number
      lostQos0: number
      missed: number
      astray: number
      shared: number
      waiting: number
    }) => {
      const notes = [
        ...(v.redelivered > 0 ? [`${v.redelivered} were redelivered`] : []),
        ...(v.extraQos1 > 0 ? [`${v.extraQos1} of QoS 1 arrived again, as QoS 1 allows`] : []),
        ...(v.atTakeover > 0 ? [`${v.atTakeover} arrived twice or out of order at a takeover`] : []),
        ...(v.lostQos0 > 0 ? [`${v.lostQos0} of QoS 0 were lost, as QoS 0 allows`] : []),
        ...(v.missed > 0 ? [`${v.missed} had no subscriber with a session`] : []),
        ...(v.astray > 0 ? [`${v.astray} arrived at clients that had not subscribed`] : []),
        ...(v.shared > 0
          ? [`only losses are judged for ${count(v.shared, 'pair')} of publisher and shared subscription`]
          : []),
        ...(v.waiting > 0 ? [`${v.waiting} wait for clients that were offline at the end`] : []),
      ]
      return `${count(v.received, 'message')} arrived of ${v.sent} sent, and none is missing${notes.length > 0 ? ` (${notes.join(', ')})` : ''}.`
    },
  },
  wills: {
    bound: ({ limitSeconds }: { limitSeconds: number }) =>
      `each once within ${limitSeconds} s of the end of its connection, or of its delay; none for clients that are back within the delay, or left by plan`,
    noWills: { measured: 'no wills', why: 'the fleet has no wills' },
    noWillsSettle: 'Use a fleet of clients with wills.',
    measured: ({ due, withheld, broken }: { due: number; withheld: number; broken: number }) =>
      `${due} arrived as due, ${withheld} correctly withheld, ${broken} wrong`,
    wrong: ({ broken, all, example }: { broken: number; all: number; example: string }) =>
      `${count(broken, 'will')} of ${all} ${broken === 1 ? 'was' : 'were'} not published as specified: ${example}.`,
    willSeen: ({ client }: { client: string }) => `the will of ${client}`,
    clientSeen: 'events of its client',
    excused: ({ excused }: { excused: number }) =>
      `${count(excused, 'will')} came late, which the harness's own delay may explain`,
    noneDue: 'no will was due while a subscriber was connected',
    noneDueSettle: 'Evict clients with wills while other clients are subscribed to these wills.',
    held: ({ due, withheld, open }: { due: number; withheld: number; open: number }) =>
      `${count(due, 'will')} arrived once and in time, ${withheld} were correctly withheld${open > 0 ? `; the outcome of ${open} is not specified` : ''}.`,
    seen: 'the wills that arrived',
    missing: (v: Will) => `the will of ${v.from}, disconnected ${when(v.at)}, never reached ${v.to}`,
    late: (v: Will) =>
      `the will of ${v.from}, disconnected ${when(v.at)}, reached ${v.to} ${seconds(v.byNs)} after it was due`,
    early: (v: Will) => `the will of ${v.from} reached ${v.to} ${when(v.at)}, ${seconds(v.byNs)} too early`,
    twice: (v: Will) => `the will of ${v.from} reached ${v.to} a second time ${when(v.at)}`,
    unwanted: (v: Will) =>
      `the will of ${v.from} reached ${v.to} ${when(v.at)}, although the client ${v.why}`,
    leftByPlan: 'left by plan',
    stillConnected: 'was still connected',
    backInTime: 'was back in time',
  },
  suback: {
    bound: ({ mostSeconds }: { mostSeconds: number }) =>
      `every SUBACK within ${mostSeconds} s of the CONNACK, and none refuses`,
    measuredRefused: ({ refused }: { refused: number }) => count(refused, 'refused subscription'),
    refused: ({
      refused,
      clients,
      client,
      at,
    }: {
      refused: number
      clients: number
      client: string
      at: Moment
    }) =>
      `${count(refused, 'subscription')} of ${count(clients, 'client')} were refused; the first was that of ${client} ${when(at)}.`,
    refusedSeen: 'refused subscriptions',
    none: { measured: 'no SUBACK', why: 'no client had to subscribe after the change' },
    noneSettle: 'Use a fleet of clients that subscribe and have no session.',
    measured: (v: Quantiles) => quantiles(v, 'no subscription was granted'),
    late: (v: {
      clients: number
      client: string
      node: string
      at: Moment
      waitedNs: number
      answered: boolean
    }) =>
      `${count(v.clients, 'client')} waited too long for SUBACK; ${v.client}, connected to ${v.node} ${when(v.at)}, ${v.answered ? 'received it after' : 'had none after'} ${seconds(v.waitedNs)}.`,
    doubtful: ({ late, ns }: { late: number; ns: number }) =>
      `${count(late, 'SUBACK')} came up to ${seconds(ns)} too late, which the harness's own delay may explain`,
    unanswered: ({ unanswered }: { unanswered: number }) =>
      `the record has no SUBACK for ${count(unanswered, 'connection')} that subscribed`,
    unansweredSettle: 'Use a record without missing client events.',
    held: (v: { clients: number; p50Seconds: number | null; maxSeconds: number | null }) =>
      `All ${count(v.clients, 'client')} that subscribed again received SUBACK within ${v.maxSeconds} s, half of them within ${v.p50Seconds} s.`,
    seen: 'CONNACK to SUBACK of each connection',
  },
}

export interface Will {
  from: string
  to: string
  at: Moment
  byNs: number
  why: string
}

export interface Breach {
  messages: number
  subscribers: number
  from: string
  to: string
  at?: Moment
}

function sequenceNumbers({
  sequences,
  pairLost,
}: {
  sequences: readonly number[]
  pairLost: number
}): string {
  const shown = sequences.slice(0, 3).join(', ')
  if (!shown) return ''
  return ` (${pairLost === 1 ? 'number' : 'numbers'} ${shown}${pairLost > 3 ? ', …' : ''})`
}
