import {
  ADDRESS_WORDS,
  type MqttListener,
  type NetworkEvent,
  type NetworkType,
  type TrialEvent,
} from '#weir/facts/index.ts'
import type { Differs } from '../evidence/service-differs.ts'
import { seconds } from '../evidence/wording.ts'
import { count, listed } from './english.ts'

/** "mqtt-ssl at 10.0.0.1:30123 (node port of Service emqx-external)". */
const where = ({ what, host, port, kind, service }: TrialEvent) =>
  `${what === 'management' ? "EMQX's management" : what} at ${host}:${port} (${ADDRESS_WORDS[kind]}${service === undefined ? '' : ` of Service ${service}`})`

const outcome = ({ outcome: is, why }: TrialEvent) =>
  ({
    served: 'a client had a round trip of a message',
    denied: 'EMQX refused the client',
    answered: 'something answered, and it was no such listener',
    closed: 'nothing accepted the connection',
  })[is] + (why === undefined ? '' : ` (${why})`)

const alike = (others: number) =>
  others === 0 ? '' : ` So it was at ${count(others, 'other address', 'other addresses')}.`

function differing(wrong: Differs | 'missing' | 'still-there', { service }: NetworkEvent): string {
  if (wrong === 'missing') return `there was no Service ${service}`
  if (wrong === 'still-there') return `Service ${service} was still there`
  switch (wrong.what) {
    case 'type':
      return `Service ${service} was of type ${wrong.is}, not ${wrong.asked}`
    case 'no-port':
      return `Service ${service} had no port ${wrong.port}`
    case 'port':
      return `port ${wrong.port} of Service ${service} had ${wrong.field} ${wrong.is} instead of ${wrong.asked}`
    case 'policy':
      return `Service ${service} had externalTrafficPolicy ${wrong.is}, not ${wrong.asked}`
    case 'no-address':
      return `Service ${service} had no address of a load balancer`
    case 'annotation':
      return `Service ${service} had annotation ${wrong.key} ${wrong.is === undefined ? 'not at all' : `with another value than asked for`}`
    default:
      return `annotation ${wrong.key} of Service ${service} was taken away, and still there`
  }
}

/** Messages of the assertions on how clients come in from outside. */
export const network = {
  exposure: {
    bound: ({ listeners }: { listeners: MqttListener[] }) =>
      listeners.length === 0
        ? 'nothing of EMQX is reached from outside'
        : `${listed(listeners)} ${listeners.length === 1 ? 'serves' : 'serve'} clients from outside, and nothing else is reached`,
    noBound: 'what was asked for is reached from outside, and nothing else',
    noChange: 'no change of the network is recorded',
    noChangeSettle: 'Run an operation that changes how clients come in.',
    untried: 'no address was tried after the change',
    untriedSettle: 'Add the step try-addresses after the change.',
    measured: (v: { served: number; asked: number; exposed: number }) =>
      `${v.served} of ${count(v.asked, 'address', 'addresses')} served, ${v.exposed} more reached`,
    unreached: ({ trial, others }: { trial: TrialEvent; others: number }) =>
      `${where(trial)} did not serve clients: ${outcome(trial)}.${alike(others)}`,
    exposed: ({ trial, others }: { trial: TrialEvent; others: number }) =>
      `${where(trial)} was reached from outside, though nobody asked for it: ${outcome(trial)}.${alike(others)}`,
    denied: ({ trial }: { trial: TrialEvent }) =>
      `${where(trial)} was reached, but did not let weir's client in${trial.why === undefined ? '' : ` (${trial.why})`}`,
    deniedSettle:
      'Give weir what the listener asks of clients: a user (WEIR_MQTT_USERNAME and WEIR_MQTT_PASSWORD), and the right to weir/trial/#. A listener that asks for a certificate must be tried by hand.',
    foreign: ({ trial }: { trial: TrialEvent }) =>
      `${trial.host}:${trial.port} was reached, a port that no Service of the cluster names: it may be somebody else's`,
    foreignSettle: 'Find out who uses the address of the load balancer as well.',
    beyondReach: ({ beyondReach }: { beyondReach: number }) =>
      `none of ${count(beyondReach, 'address', 'addresses')} ever gave an answer to this machine`,
    beyondReachSettle: 'Run weir where clients are.',
    local: ({ trial }: { trial: TrialEvent }) =>
      `${where(trial)} did not serve, and no node that was tried did: with externalTrafficPolicy Local only those with a pod do`,
    localSettle: 'Run weir where more nodes can be reached, or try one with a pod of EMQX.',
    nonePast: 'no address from before the change was tried that ever gave an answer',
    unseen: ({ listener }: { listener: MqttListener }) =>
      `no address of ${listener} was tried that can be reached from here`,
    noneSettle: 'Look at service-as-asked, and run the operation again.',
    held: (v: {
      network: NetworkType
      outside: TrialEvent[]
      closed: TrialEvent[]
      served: TrialEvent[]
    }) => {
      const inside = v.served.length - v.outside.length
      const from = inside === 0 ? '' : ` From inside ${count(inside, 'listener')} served as before.`
      if (v.network === 'ClusterIP')
        return `None of ${count(v.closed.length, 'address', 'addresses')} outside was reached any more.${from}`
      const listeners = [...new Set(v.outside.map(({ what }) => what))]
      const closed = v.closed.length === 0 ? '' : `, and ${v.closed.length} others were closed`
      return `Clients had a round trip of a message through ${listed(listeners)} at ${count(v.outside.length, 'address', 'addresses')}${closed}.${from}`
    },
    seen: 'tries of each address',
  },
  'service-as-asked': {
    bound: ({ within }: { within: number }) => `as asked within ${within} s of the change, and so to the end`,
    noChange: 'no change of the network is recorded',
    noChangeSettle: 'Run an operation that changes how clients come in.',
    blind: 'the watch of Services was lost after the trigger',
    unfinished: ({ wrong, asked }: { wrong: Differs | 'missing' | 'still-there'; asked: NetworkEvent }) =>
      `the record ends before the time is over (${differing(wrong, asked)})`,
    measured: ({ ns }: { ns: number }) => `after ${seconds(ns)}`,
    measuredNever: ({ ns }: { ns: number }) => `not within ${seconds(ns)}`,
    never: (v: {
      asked: NetworkEvent
      wrong: Differs | 'missing' | 'still-there'
      ns: number
      said: string | undefined
    }) =>
      `${capital(differing(v.wrong, v.asked))} ${seconds(v.ns)} after the change${v.said === undefined ? '' : `; Kubernetes has a warning: ${v.said}`}.`,
    late: (v: { asked: NetworkEvent; ns: number; within: number }) =>
      `Service ${v.asked.service} was as asked only ${seconds(v.ns)} after the change, later than ${v.within} s.`,
    held: ({ asked, ns }: { asked: NetworkEvent; ns: number }) =>
      asked.network === 'ClusterIP' && asked.by === 'weir'
        ? `Service ${asked.service} was gone ${seconds(ns)} after the change.`
        : `Service ${asked.service} was of type ${asked.network}, with its ports and annotations, ${seconds(ns)} after the change.`,
    seen: ({ service }: NetworkEvent) => `Service ${service}`,
  },
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
