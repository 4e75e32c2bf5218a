import { figuresOf } from '#weir/assertions/figures/index.ts'
import type { Finding, Verdict } from '#weir/assertions/verdict/verdict.ts'
import {
  MESSAGE_LATENCY_BUCKETS,
  type MessageLatency,
  type Messages,
  type Parameters,
  type RecordEvent,
  type Scrape,
} from '#weir/facts/index.ts'
import { BucketCounts } from '#weir/metrics/index.ts'
import { fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import type { Report } from '#weir/reports/index.ts'

const SECOND = 1e9

const parameters: Parameters = {
  clients: 3,
  nodes: 1,
  connEvictRate: 10,
  sessEvictRate: 10,
  waitTakeoverSeconds: 5,
  initialDelaySeconds: 5,
  pollIntervalSeconds: 20,
  scrapeIntervalSeconds: 10,
  sampleIntervalSeconds: 1,
  reconnect: { policy: 'fixed', minMs: 1000, maxMs: 1000 },
  dialect: {
    name: 'v1beta4 EmqxEnterprise',
    operator: '2.1.2',
    healthCheckWaitSeconds: 0,
    evacuates: true,
    connectionsMetric: 'emqx_connections_count',
    liveConnectionsMetric: 'emqx_live_connections_count',
  },
  targetVersion: '4.4.19',
  holdSeconds: 5,
}

function pod(t: number, name: string, deleted = false): RecordEvent {
  return {
    t,
    type: 'pod',
    name,
    uid: `uid-${name}`,
    set: name.slice(0, -2),
    node: `emqx@${name}`,
    image: `emqx/emqx-ee:${name.startsWith('old') ? '4.4.14' : '4.4.19'}`,
    phase: 'Running',
    ready: true,
    deleting: deleted,
    deleted,
  }
}

function set(t: number, name: string): RecordEvent {
  return {
    t,
    type: 'set',
    kind: 'StatefulSet',
    name,
    createdUnixMs: t / 1e6,
    specReplicas: 1,
    replicas: 1,
    readyReplicas: 1,
    deleted: false,
  }
}

const listing = (t: number, name: string, connected: string[]): RecordEvent => ({
  t,
  type: 'listing',
  node: `emqx@${name}`,
  via: name,
  tookNs: 1e6,
  complete: true,
  connected,
  detached: [],
})

const scrape = (t: number, name: string, value: number | undefined): Scrape => ({
  t,
  tookNs: 1e6,
  pod: name,
  node: `emqx@${name}`,
  ok: value !== undefined,
  ...(value === undefined
    ? { error: 'connection refused', metrics: {} }
    : { metrics: { emqx_connections_count: value } }),
})

/** The first client publishes to the second: one message was lost, and one came again. */
/** Of messages that took so many milliseconds, in order. */
function latencyOf(of: MessageLatency['of'], tookMs: readonly number[]): MessageLatency {
  const counts = new BucketCounts(MESSAGE_LATENCY_BUCKETS)
  for (const ms of tookMs) counts.add(ms / 1000)
  const last = tookMs.at(-1)!
  return {
    ...{ of, qos: 1, count: tookMs.length, p50Ms: tookMs[3]!, p90Ms: tookMs.at(-2)!, p99Ms: last },
    ...{ p999Ms: last, maxMs: last, buckets: counts.buckets },
  }
}

const messages: Messages = {
  publishers: [
    {
      publisher: 0,
      topic: 'weir/fleet/1/data',
      qos: 1,
      sent: 8,
      acknowledged: 8,
      refused: 0,
      abandoned: 0,
      skipped: 0,
      receipts: [
        {
          subscriber: 1,
          qos: 1,
          received: 7,
          lost: 1,
          lostSequences: [4],
          missed: 0,
          duplicated: 1,
          redelivered: 1,
          reordered: 0,
          retained: 0,
          overflow: false,
        },
      ],
    },
  ],
  wills: [],
  latencies: [
    latencyOf('ack', [1.25, 1.25, 1.25, 1.25, 1.25, 2, 2, 12]),
    latencyOf('delivery', [2.5, 2.5, 2.5, 2.5, 2.5, 4, 1002]),
  ],
  foreign: 0,
  beganT: 3 * SECOND,
  endedT: 38 * SECOND,
  settled: true,
  complete: true,
}

/** A run of three clients and two pods that fits on a page: two clients move, one is lost. */
export function smallRecord(): RunRecord {
  const connected = (t: number, client: number) =>
    [
      { t: t - 1e6, client, kind: 'attempt' },
      { t, client, kind: 'connected', sessionPresent: false },
    ] as const
  const dropped = (t: number, client: number) =>
    ({ t, client, kind: 'disconnected', reason: 'disconnect-packet', code: 0x9c }) as const
  return recordOf({
    parameters,
    manifest: {
      weir: '0.1.0',
      scenario: { name: 'small', description: 'Three clients.', resolved: {} },
      seed: 7,
      clock: { source: 'monotonic', anchorUnixMs: Date.UTC(2026, 0, 2, 3, 4, 5) },
      host: { node: 'v24.0.0', platform: 'linux', cpus: 2, memoryMiB: 4096 },
      versions: { node: '24.0.0' },
      notes: ['Faults are switched on: lost-client.'],
      end: { t: 40 * SECOND, how: 'completed' },
    },
    fleet: fleetOf(
      3,
      [
        {
          name: 'kept',
          protocol: '5',
          persistent: true,
          subscribed: true,
          publishes: { qos: 1, everyMs: 5000 },
        },
      ],
      'weir-',
    ),
    messages,
    clients: [
      ...connected(2 * SECOND, 0),
      ...connected(2.1 * SECOND, 1),
      ...connected(2.2 * SECOND, 2),
      dropped(20 * SECOND, 0),
      dropped(20.1 * SECOND, 1),
      dropped(20.2 * SECOND, 2),
      ...connected(21.1 * SECOND, 0),
      ...connected(21.2 * SECOND, 1),
    ],
    events: [
      set(0, 'old'),
      pod(0, 'old-0'),
      { t: 0, type: 'endpoints', service: 'emqx', ready: ['old-0'] },
      { t: 3 * SECOND, type: 'mark', name: 'fleet-ready' },
      listing(6 * SECOND, 'old-0', ['weir-0', 'weir-1', 'weir-2']),
      { t: 10 * SECOND, type: 'mark', name: 'trigger' },
      set(11 * SECOND, 'new'),
      pod(11 * SECOND, 'new-0'),
      { t: 15 * SECOND, type: 'endpoints', service: 'emqx', ready: ['new-0'] },
      listing(28 * SECOND, 'new-0', ['weir-0', 'weir-1']),
      pod(30 * SECOND, 'old-0', true),
      { t: 31 * SECOND, type: 'mark', name: 'upgrade-done' },
      { t: 39 * SECOND, type: 'mark', name: 'fleet-stopping' },
    ],
    scrapes: [
      scrape(5 * SECOND, 'old-0', 3),
      scrape(15 * SECOND, 'old-0', 3),
      scrape(25 * SECOND, 'old-0', undefined),
      scrape(25 * SECOND, 'new-0', 2),
    ],
  })
}

const finding = (id: string, parts: Partial<Finding>): Finding => ({
  id,
  title: `title of ${id}`,
  outcome: 'pass',
  bound: '0 clients lost',
  measured: '0',
  sentence: `Sentence of ${id}.`,
  evidence: [],
  figures: {},
  ...parts,
})

/** A verdict with one finding of each outcome. */
export function smallVerdict(): Verdict {
  return {
    format: 1,
    weir: '0.1.0',
    scenario: 'small',
    outcome: 'fail',
    headline: 'weir-2 never came back after old-0 evicted it at +10.2 s after the trigger.',
    figures: figuresOf(undefined, [], () => finding('', {})),
    causes: [
      {
        id: 'a-known-one',
        title: 'A release of the operator loses clients.',
        link: 'docs/contract/operator.md#rebalance',
        findings: ['conservation'],
      },
    ],
    findings: [
      finding('hops', {}),
      finding('eviction-slope', {
        outcome: 'inconclusive',
        measured: 'unknown',
        sentence: 'Inconclusive: 2 scrapes of old-0 are too few.',
        settle: 'Drain for at least 30 s.',
      }),
      finding('conservation', {
        outcome: 'fail',
        measured: '1',
        sentence: 'weir-2 never came back after old-0 evicted it at +10.2 s after the trigger.',
        deviation: 'a-known-one',
        evidence: [
          { file: 'clients.arrow', fromT: 20 * SECOND, toT: 20.5 * SECOND, what: 'the last of weir-2' },
        ],
      }),
    ],
  }
}

export function smallReport(): Report {
  return { run: viewOf(smallRecord()), verdict: smallVerdict() }
}

/** What a cluster or a broker may put into names and messages. */
export const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<!-- <script>',
  ']]>',
  '<img src=x onerror=alert(1)>',
  `" onmouseover="alert(1)`,
  `' & &amp; &#60;`,
  '\u0000\u0001\u001b[31mred\u001b[0m\u007f',
  '\ud800 \ufffe \u202egnp.exe',
  '| pipe | `code` [link](javascript:alert(1)) @somebody',
  '\u2028\u2029',
  'line\r\nbreak\ttab',
].join(' ')

/** The small report with the hostile text wherever a foreign word can stand. */
export function hostileReport(): Report {
  const record = smallRecord()
  record.manifest.scenario = { name: HOSTILE, description: HOSTILE, resolved: {} }
  record.manifest.notes = [HOSTILE]
  record.manifest.command = ['run', HOSTILE]
  record.manifest.end = { t: 40 * SECOND, how: 'failed', reason: HOSTILE }
  record.damage.push({ file: 'events.ndjson', what: HOSTILE })
  record.fleet.ids = record.fleet.ids.map((id) => `${id} ${HOSTILE}`)
  record.fleet.groups[0]!.name = HOSTILE
  record.clients = { ...record.clients, reasons: record.clients.reasons.map((reason) => reason && HOSTILE) }
  record.manifest.parameters = {
    ...parameters,
    reconnect: { ...parameters.reconnect, policy: HOSTILE },
    dialect: { ...parameters.dialect, name: HOSTILE, operator: HOSTILE },
  }
  const rename = <T>(value: T): T =>
    JSON.parse(
      JSON.stringify(value).replaceAll('old-0', JSON.stringify(`old ${HOSTILE}-0`).slice(1, -1)),
    ) as T
  record.events = rename(record.events)
  record.events.push({ t: 12 * SECOND, type: 'note', level: 'error', text: HOSTILE })
  record.events.sort((a, b) => a.t - b.t)
  record.scrapes = rename(record.scrapes)
  const verdict = smallVerdict()
  for (const one of verdict.findings) {
    one.id += HOSTILE
    one.title = HOSTILE
    one.sentence = HOSTILE
    one.bound = HOSTILE
    one.measured = HOSTILE
    one.settle = HOSTILE
    one.deviation = HOSTILE
    one.evidence.push({ file: 'metrics.ndjson', fromT: 0, toT: 40 * SECOND, what: HOSTILE })
  }
  verdict.causes = verdict.findings
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ id }) => ({ id: HOSTILE, title: HOSTILE, link: HOSTILE, findings: [id] }))
  verdict.scenario = HOSTILE
  verdict.headline = HOSTILE
  verdict.deviations = { expected: [HOSTILE], seen: [HOSTILE], asExpected: false }
  return { run: viewOf(record), verdict }
}
