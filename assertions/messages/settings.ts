import type { SettingName } from '#weir/facts/index.ts'
import { type Moment, seconds } from '../evidence/wording.ts'
import { count, when } from './english.ts'

const WHAT: Readonly<Record<SettingName, string>> = {
  connections: 'EMQX shows the number of connections',
  project: 'The list of projects shows the project',
}

/** Messages of the assertions on settings that lie beside the pods. */
export const settings = {
  'limit-holds': {
    bound: (v: { limit: number; most: number }) =>
      `accepted up to ${v.limit}, and from ${v.most} on refused with 0x97 (MQTT 3.1.1: 3)`,
    noBound: 'accepted up to the limit, and refused beyond it',
    noChange: 'no change of the limit is recorded',
    noChangeSettle: 'Run an operation that changes the number of connections.',
    notShown: 'EMQX never showed the limit that was asked for, so it is unknown when it was to hold',
    noNewcomers: 'no client came after the change to show where the limit is',
    noNewcomersSettle: 'Add the step connect-more after the change.',
    others: ({ others }: { others: number }) =>
      `${count(others, 'client')} that are not weir's were connected, and may have gone since`,
    othersSettle: 'Rerun without other clients.',
    unanswered: ({ clients }: { clients: number }) => `${count(clients, 'newcomer')} had no answer`,
    tooFewTried: (v: { reached: number; most: number }) =>
      `no more than ${v.reached} clients were there at once, and EMQX may allow ${v.most}`,
    tooFewTriedSettle: 'Rerun with more newcomers.',
    measured: (v: { connected: number; refused: number }) => `${v.connected} connected, ${v.refused} refused`,
    measuredRequests: (v: { accepted: number; requests: number }) => `${v.accepted} of ${v.requests}`,
    kicked: (v: { clients: number; client: string; node: string; at: Moment }) =>
      `${count(v.clients, 'client')} that were connected lost their connection after the limit was lowered; ${v.client} was the first, on ${v.node} ${when(v.at)}.`,
    refusedEarly: (v: { reached: number; limit: number; refused: number }) =>
      `${count(v.refused, 'newcomer')} were refused with ${v.reached} clients connected, though ${v.limit} are allowed.`,
    acceptedBeyond: (v: { reached: number; most: number; limit: number }) =>
      `${v.reached} clients were connected at once, though the limit is ${v.limit} and nothing explains more than ${v.most}.`,
    wrongCode: ({ refused }: { refused: number }) =>
      `${count(refused, 'refusal')} named another reason than the exceeded quota.`,
    overClaimed: (v: { claimed: number; total: number; requests: number }) =>
      `${count(v.requests, 'request')} at once were accepted for ${v.claimed} connections together, though the licence has ${v.total}.`,
    noneAccepted: ({ requests }: { requests: number }) =>
      `Of ${requests} requests at once none was accepted.`,
    held: (v: { connected: number; reached: number; refused: number; limit: number }) =>
      `With a limit of ${v.limit}, at most ${v.reached} clients were connected at once, and ${count(v.refused, 'newcomer')} were refused.`,
    seen: 'newcomers and their answers',
    claimsSeen: 'requests for the licence',
    clientsSeen: 'clients after the change',
  },
  immediate: {
    bound: ({ within }: { within: number }) => `shown within ${within} s of the change`,
    noBound: 'shown at once',
    noChange: 'no change of a setting is recorded',
    noChangeSettle: 'Run an operation that changes a setting.',
    noTime: 'the record does not say how soon this kind of resource shows it',
    noTimeSettle: 'Record the operation again.',
    measured: ({ ns }: { ns: number }) => `after ${seconds(ns)}`,
    measuredNever: ({ ns }: { ns: number }) => `not within ${seconds(ns)}`,
    never: (v: { name: SettingName; value: string; found: string; ns: number }) =>
      `${WHAT[v.name]} ${v.found} still ${seconds(v.ns)} after ${v.value} was asked for.`,
    late: (v: { name: SettingName; value: string; ns: number; within: number }) =>
      `${WHAT[v.name]} ${v.value} only ${seconds(v.ns)} after it was asked for, later than ${v.within} s.`,
    lost: (v: { name: SettingName; value: string; found: string; at: Moment }) =>
      `${WHAT[v.name]} ${v.found} again ${when(v.at)}, though ${v.value} was asked for.`,
    unread: ({ name }: { name: SettingName }) =>
      `the ${name === 'project' ? 'list of projects' : 'number of connections'} could not be read after the change`,
    gap: ({ ns }: { ns: number }) =>
      `between the last sample with the old value and the first with the new lie ${seconds(ns)}`,
    unfinished: 'the record ends before the time is over',
    samplesSettle: 'Sample the setting every second until the end of the run.',
    held: (v: { name: SettingName; value: string; ns: number }) =>
      `${WHAT[v.name]} ${v.value} ${seconds(v.ns)} after it was asked for.`,
    seen: 'samples of the setting',
  },
}
