import Type, { type TProperties } from 'typebox'
import type { RecordEventType } from '#weir/facts/index.ts'
import { buckets } from './buckets.ts'
import { resources } from './resources.ts'
import { amount, count, duration, flag, index, maybe, text, time, unixMs, words } from './scalars.ts'

const event = (properties: TProperties) => Type.Object({ t: time, type: text, ...properties })

const evacuation = Type.Object({
  node: text,
  state: text,
  connectionEvictionRate: count,
  sessionEvictionRate: count,
  recipients: words,
  initialConnected: amount,
  initialSessions: amount,
  currentConnected: amount,
  currentSessions: amount,
})

const member = Type.Object({
  node: text,
  running: flag,
  version: text,
  connections: maybe(amount),
  liveConnections: maybe(amount),
})

const container = Type.Object({
  restarts: count,
  lastEnd: maybe(Type.Object({ finishedAt: text, exitCode: maybe(amount), reason: maybe(text) })),
})

/** What a line of events.ndjson must have, by its type. Further fields are allowed: newer versions write more. */
export const EVENT_SCHEMAS: Readonly<Partial<Record<RecordEventType, ReturnType<typeof event>>>> = {
  mark: event({ name: text }),
  action: event({ id: text, action: text, phase: text, detail: maybe(text) }),
  step: event({ index: count, name: text, phase: text, lastMismatch: maybe(text) }),
  watch: event({ kind: text, event: text, name: text, object: Type.Unknown() }),
  'watch-gap': event({ kind: text, fromT: time, reason: text }),
  set: event({
    kind: text,
    name: text,
    createdUnixMs: unixMs,
    specReplicas: count,
    replicas: count,
    readyReplicas: count,
    deleted: flag,
  }),
  pod: event({
    name: text,
    uid: text,
    set: text,
    node: text,
    ip: maybe(text),
    image: maybe(text),
    phase: text,
    ready: flag,
    deleting: flag,
    deleted: flag,
    container: maybe(container),
    disruption: maybe(text),
    blocked: maybe(text),
    resources: maybe(resources),
  }),
  endpoints: event({ service: text, ready: words }),
  cr: event({
    generation: count,
    settled: flag,
    updating: flag,
    wanted: maybe(count),
    condition: maybe(text),
    version: maybe(text),
    startedUnixMs: maybe(unixMs),
    evacuations: Type.Array(evacuation),
    nodes: Type.Array(Type.Object({ node: text, running: flag, version: text })),
    deleting: maybe(flag),
    deleted: flag,
  }),
  'fleet-pod': event({
    pod: text,
    phase: text,
    shards: Type.Array(index),
    of: Type.Integer({ minimum: 1, maximum: 0xffffffff }),
    sinceT: maybe(time),
    how: maybe(text),
  }),
  'fleet-clock': event({ pod: text, tookNs: duration, trips: count, aheadMs: amount, errorMs: count }),
  refusal: event({ kind: text, name: text, why: maybe(text) }),
  evacuation: event({ via: text, tookNs: duration, evacuations: Type.Array(evacuation) }),
  nodes: event({ via: text, tookNs: duration, nodes: Type.Array(member) }),
  listing: event({
    node: text,
    via: text,
    tookNs: duration,
    complete: flag,
    connected: words,
    detached: words,
  }),
  'api-failure': event({ api: text, via: text, status: maybe(amount), error: text }),
  prometheus: event({
    tookNs: duration,
    fromT: time,
    toT: time,
    scrapes: count,
    clockAheadMs: amount,
    clockErrorMs: maybe(count),
  }),
  health: event({
    loopDelayP99Ms: count,
    loopDelayMaxMs: count,
    watchedMs: maybe(count),
    lateMs: maybe(count),
    scheduleLagP99Ms: count,
    droppedEvents: count,
    rssMiB: count,
    cpuPercent: count,
    clockSkewMs: amount,
    pings: maybe(Type.Object({ answered: count, quickestMs: count, slowestMs: count })),
  }),
  newcomers: event({
    fromT: time,
    clients: count,
    connected: count,
    refused: count,
    overQuota: count,
    perSecond: maybe(count),
    unavailable: maybe(count),
    failed: count,
    uneven: maybe(text),
    nodes: Type.Array(Type.Object({ node: text, clients: count })),
    complete: flag,
  }),
  leftovers: event({
    found: Type.Array(Type.Object({ kind: text, name: text, by: text })),
    unlisted: Type.Array(Type.Object({ kind: text, why: text })),
  }),
  rebalance: event({
    via: text,
    tookNs: duration,
    rebalances: Type.Array(
      Type.Object({
        coordinator: text,
        state: text,
        donors: words,
        recipients: words,
        connectionEvictionRate: count,
        sessionEvictionRate: count,
        connectionGoal: maybe(count),
        donorConnections: maybe(count),
      }),
    ),
    outcome: maybe(text),
    resource: maybe(Type.Object({ name: text, phase: text, message: maybe(text) })),
  }),
  setting: event({ name: text, phase: text, value: text, via: text, tookNs: duration }),
  claim: event({ by: text, outcome: text, connections: count, total: count }),
  network: event({
    service: text,
    by: text,
    network: text,
    ports: Type.Array(
      Type.Object({
        listener: text,
        name: text,
        target: Type.Union([count, text]),
        port: count,
        nodePort: maybe(count),
      }),
    ),
    annotations: Type.Record(text, text),
    removed: words,
    tookNs: duration,
  }),
  trial: event({
    kind: text,
    host: text,
    port: count,
    service: maybe(text),
    what: text,
    outcome: text,
    why: maybe(text),
    tookNs: duration,
  }),
  'stored-data': event({
    phase: text,
    retained: count,
    sessions: count,
    queued: count,
    complete: flag,
    error: maybe(text),
    missing: maybe(words),
  }),
  'message-latency': event({ latencies: Type.Array(Type.Object({ of: text, qos: count, ...buckets })) }),
  probe: event({ ok: flag, tookNs: duration, error: maybe(text) }),
  note: event({ level: text, text }),
}

/** A line of metrics.ndjson or prometheus.ndjson. */
export const SCRAPE_SCHEMA = Type.Object({
  t: time,
  tookNs: duration,
  pod: text,
  node: text,
  ok: flag,
  status: maybe(amount),
  error: maybe(text),
  metrics: Type.Record(text, Type.Number({ minimum: -1e15, maximum: 1e15 })),
})
