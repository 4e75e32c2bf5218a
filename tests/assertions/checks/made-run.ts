/**
 * A small, honest upgrade as a record: 3 old nodes are drained one after another at R clients a tick, each client
 * comes back after 1 s on the next new node in turn. What a test changes is what must be caught.
 */
import type { HealthEvent, Parameters, RecordEvent, Scrape } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { evacuationEvents, healthEvent, IP, listing, NODE, podEvent, S, setEvents } from './made-events.ts'

export const LIVE = 'emqx_live_connections_count'
export const COUNT = 'emqx_connections_count'
export const TRIGGER = 20 * S
export const FIRST_DRAIN = 40 * S

export const parameters = (changes: Partial<Parameters> = {}): Parameters => ({
  clients: 300,
  nodes: 3,
  connEvictRate: 10,
  sessEvictRate: 10,
  waitTakeoverSeconds: 5,
  initialDelaySeconds: 5,
  pollIntervalSeconds: 1,
  scrapeIntervalSeconds: 1,
  sampleIntervalSeconds: 1,
  reconnect: { policy: 'fixed', minMs: 1000, maxMs: 1000 },
  dialect: {
    name: 'made-up',
    healthCheckWaitSeconds: 0,
    evacuates: true,
    connectionsMetric: COUNT,
    liveConnectionsMetric: LIVE,
  },
  holdSeconds: 10,
  ...changes,
})

export interface Changes {
  parameters?: Partial<Parameters>
  clients?: number
  rate?: number
  /** Evictions of tick k of a drain; default R. */
  perTick?: number
  /** Nanoseconds between two ticks. */
  tickNs?: number
  /** How a client comes back: nanoseconds from eviction to attempt, and to CONNACK. */
  delayNs?: (client: number) => number
  connectNs?: (client: number) => number
  /** Where client k lands; default turns over the new nodes. */
  landsOn?: (client: number, leftPod: string) => string
  /** Refused tries of client k before it is let in. */
  refusals?: (client: number) => number
  comesBack?: (client: number) => boolean
  isAway?: (client: number) => boolean
  sessionPresent?: (client: number) => boolean
  /** What a scrape says, given what is so. */
  gauge?: (truth: number, node: string, t: number) => number
  listings?: boolean
  health?: Partial<HealthEvent>
  /** Rows and events put on top. */
  moreClients?: ClientEventRow[]
  moreEvents?: RecordEvent[]
  /** Connect to each pod's own address instead of through a Service. */
  direct?: boolean
}

const POD = (side: string, n: number) => `${side}-${n}`

interface Stay {
  client: number
  pod: string
  fromT: number
  toT: number
}

export function madeRun(changes: Changes = {}): RunRecord {
  const clients = changes.clients ?? 300
  const rate = changes.rate ?? 10
  const given = parameters({ clients, connEvictRate: rate, sessEvictRate: rate, ...changes.parameters })
  const blue = [2, 1, 0].map((n) => POD('blue', n))
  const green = [0, 1, 2].map((n) => POD('green', n))
  const rows: ClientEventRow[] = []
  const stays: Stay[] = []
  const events: RecordEvent[] = [
    { t: 1 * S, type: 'mark', name: 'cluster-ready' },
    { t: 10 * S, type: 'mark', name: 'fleet-ready' },
    { t: TRIGGER, type: 'mark', name: 'trigger' },
    ...setEvents(given.nodes),
  ]
  const target = (pod: string) => (changes.direct === true ? `${IP(pod)}:1883` : '127.0.0.1:32010')
  const connect = (client: number, pod: string, attemptT: number, t: number, session: boolean) => {
    rows.push({ t: attemptT, client, kind: 'attempt', target: target(pod) })
    rows.push({ t, client, kind: 'connected', code: 0, sessionPresent: session, target: target(pod) })
    stays.push({ client, pod, fromT: t, toT: Number.POSITIVE_INFINITY })
  }
  for (let client = 0; client < clients; client++) {
    const t = 2 * S + client * 1e6
    connect(client, blue[client % 3]!, t, t + 2e6, false)
  }
  for (const pod of blue) events.push(podEvent(pod, 0.5 * S))
  for (const pod of green) events.push(podEvent(pod, 25 * S))
  let t = FIRST_DRAIN
  const drains: { pod: string; fromT: number; toT: number; doneT: number }[] = []
  for (const pod of blue) {
    const here = stays.filter((stay) => stay.pod === pod && stay.toT === Number.POSITIVE_INFINITY)
    const fromT = t
    const perTick = changes.perTick ?? rate
    here.forEach((stay, i) => {
      const evictT = fromT + Math.floor(i / perTick) * (changes.tickNs ?? 1.003 * S) + (i % perTick) * 1e5
      stay.toT = evictT
      comeBack(changes, stay, evictT, rows, connect)
      t = Math.max(t, evictT)
    })
    const doneT = t + (given.waitTakeoverSeconds + 3) * S
    drains.push({ pod, fromT, toT: t, doneT })
    events.push({ ...podEvent(pod, doneT + 1 * S), deleting: true })
    events.push({ ...podEvent(pod, doneT + 2 * S), deleting: true, deleted: true })
    t = doneT + 4 * S
  }
  const doneT = t
  const endT = doneT + 12 * S
  events.push({ t: doneT, type: 'mark', name: 'upgrade-done' })
  events.push({ t: endT - 1 * S, type: 'mark', name: 'hold-end' })
  events.push({ t: endT, type: 'mark', name: 'fleet-stopping' })
  for (const stay of stays)
    if (stay.toT === Number.POSITIVE_INFINITY) rows.push({ t: endT + 1e6, client: stay.client, kind: 'left' })
  events.push(...evacuationEvents(drains, given, green, endT))
  for (let h = 0; h < endT; h += S) events.push(healthEvent(h, changes.health))
  const alive = (pod: string, at: number) => {
    const drain = drains.find((one) => one.pod === pod)
    return drain === undefined ? at >= 25 * S : at < drain.doneT + 1 * S
  }
  const holding = (pod: string, at: number) =>
    stays.filter((stay) => stay.pod === pod && stay.fromT <= at && stay.toT > at)
  const scrapes: Scrape[] = []
  const interval = given.scrapeIntervalSeconds * S
  for (const pod of [...blue, ...green])
    for (let at = interval; at < endT; at += interval) {
      if (!alive(pod, at)) continue
      // Gauges are refreshed every two seconds.
      const truth = holding(pod, Math.floor(at / (2 * S)) * 2 * S).length
      const value = changes.gauge?.(truth, pod, at) ?? truth
      scrapes.push({
        t: at + 5e6,
        tookNs: 5e6,
        pod,
        node: NODE(pod),
        ok: true,
        status: 200,
        metrics: { [LIVE]: value, [COUNT]: value },
      })
    }
  if (changes.listings !== false && changes.direct !== true)
    for (const pod of [...blue, ...green])
      for (let at = 11 * S; at < endT; at += S) {
        if (!alive(pod, at)) continue
        events.push(
          listing(
            pod,
            at,
            holding(pod, at).map((stay) => `c${stay.client}`),
          ),
        )
      }
  return recordOf({
    parameters: given,
    manifest: { end: { t: endT, how: 'completed' } },
    fleet: fleetOf(clients, [
      { name: 'persistent', protocol: '5', persistent: true, subscribed: true },
      { name: 'clean', protocol: '3.1.1', persistent: false, subscribed: false },
    ]),
    clients: [...rows, ...(changes.moreClients ?? [])],
    events: [...events, ...(changes.moreEvents ?? [])],
    scrapes,
  })
}

function comeBack(
  changes: Changes,
  stay: Stay,
  evictT: number,
  rows: ClientEventRow[],
  connect: (client: number, pod: string, attemptT: number, t: number, session: boolean) => void,
): void {
  const { client } = stay
  rows.push({ t: evictT, client, kind: 'disconnected', reason: 'disconnect-packet', code: 0x9c })
  if (changes.isAway?.(client) === true) rows.push({ t: evictT, client, kind: 'away' })
  if (changes.comesBack?.(client) === false)
    rows.push({ t: evictT + 1, client, kind: 'gave-up', reason: 'policy-exhausted' })
  if (changes.isAway?.(client) === true || changes.comesBack?.(client) === false) return
  const delay = changes.delayNs?.(client) ?? 1 * S
  let attemptT = evictT + delay
  for (let i = 0; i < (changes.refusals?.(client) ?? 0); i++) {
    rows.push({ t: attemptT, client, kind: 'attempt' })
    rows.push({
      t: attemptT + 2e6,
      client,
      kind: 'refused',
      reason: 'connack',
      code: client % 2 === 0 ? 0x9c : 3,
    })
    attemptT += delay
  }
  const pod = changes.landsOn?.(client, stay.pod) ?? POD('green', Math.floor(client / 3) % 3)
  const session = client % 2 === 0 && (changes.sessionPresent?.(client) ?? true)
  connect(client, pod, attemptT, attemptT + (changes.connectNs?.(client) ?? 2e6), session)
}
