import Type from 'typebox'
import { buckets } from './buckets.ts'
import { resources } from './resources.ts'
import { amount, count, duration, flag, index, maybe, text, time, unixMs, words } from './scalars.ts'

const rates = {
  connEvictRate: count,
  sessEvictRate: count,
  waitTakeoverSeconds: count,
  initialDelaySeconds: count,
}

const parameters = Type.Object({
  clients: index,
  otherClients: maybe(count),
  nodes: count,
  servingNodes: maybe(count),
  ...rates,
  pollIntervalSeconds: count,
  scrapeIntervalSeconds: Type.Number({ exclusiveMinimum: 0, maximum: 86_400 }),
  sampleIntervalSeconds: count,
  reconnect: Type.Object({ policy: text, minMs: count, maxMs: count }),
  dialect: Type.Object({
    name: text,
    healthCheckWaitSeconds: count,
    evacuates: flag,
    connectionsMetric: text,
    liveConnectionsMetric: text,
    limitWithinSeconds: maybe(count),
  }),
  targetVersion: maybe(text),
  targetResources: maybe(resources),
  refusedChance: maybe(Type.Number({ minimum: 0, maximum: 0.99 })),
  asked: maybe(Type.Object({ ...rates, byDefault: flag })),
  rebalance: maybe(
    Type.Object({ donors: words, recipients: words, absConnThreshold: count, relConnThreshold: count }),
  ),
  unknown: maybe(words),
  holdSeconds: count,
})

/** run.json. */
export const MANIFEST_SCHEMA = Type.Object({
  format: Type.Number(),
  weir: text,
  scenario: Type.Object({ name: text, description: maybe(text) }),
  seed: amount,
  clock: Type.Object({ source: text, anchorUnixMs: unixMs }),
  host: Type.Object({ node: text, platform: text, cpus: count, memoryMiB: count }),
  versions: Type.Record(text, text),
  parameters: maybe(parameters),
  asserts: Type.Array(
    Type.Object({
      id: text,
      bounds: maybe(Type.Record(text, Type.Number({ minimum: -1e12, maximum: 1e12 }))),
    }),
  ),
  knownDeviations: words,
  mayDeviate: maybe(words),
  notes: words,
  command: maybe(words),
  end: maybe(
    Type.Object({ t: duration, how: Type.Enum(['completed', 'interrupted', 'failed']), reason: maybe(text) }),
  ),
})

const group = Type.Object({
  name: text,
  protocol: text,
  persistent: flag,
  subscribed: flag,
  publishes: maybe(Type.Object({ qos: count, everyMs: count })),
  will: maybe(Type.Object({ qos: count, delaySeconds: count, sessionSeconds: count, retain: flag })),
})

/** fleet.json. */
export const FLEET_SCHEMA = Type.Object({
  ids: words,
  group: Type.Array(index),
  groups: Type.Array(group),
  willWatchers: maybe(Type.Array(Type.Array(index))),
})

const receipt = Type.Object({
  subscriber: index,
  qos: count,
  received: count,
  lost: count,
  lostSequences: Type.Array(count),
  lostT: maybe(Type.Tuple([time, time])),
  missed: count,
  duplicated: count,
  redelivered: count,
  duplicateT: maybe(Type.Array(time)),
  reordered: count,
  reorderedT: maybe(Type.Array(time)),
  retained: count,
  overflow: flag,
})

/** Lines of messages.ndjson, by their type. */
export const MESSAGE_SCHEMAS = {
  publisher: Type.Object({
    publisher: index,
    topic: text,
    qos: count,
    sent: count,
    acknowledged: count,
    refused: count,
    abandoned: count,
    skipped: count,
    receipts: Type.Array(receipt),
  }),
  will: Type.Object({ publisher: index, attempt: count, subscriber: index, t: time }),
  latency: Type.Object({
    of: text,
    qos: count,
    count,
    p50Ms: count,
    p90Ms: count,
    p99Ms: count,
    maxMs: count,
    buckets: maybe(Type.Object(buckets)),
  }),
  end: Type.Object({ publishers: count, wills: count, latencies: count, foreign: count, settled: flag }),
}
