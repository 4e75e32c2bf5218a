/**
 * How long it takes to judge a synthetic upgrade of 100,000 clients with five events each, and in how much memory:
 * `node dist/tools/benchmarks/judge.js [clients]`. Target: at most 10 s and 1 GiB.
 */

import { judge } from '#weir/assertions/index.ts'
import { ASSERTION_IDS, type RecordEvent, type Scrape } from '#weir/facts/index.ts'
import { ClientColumns, fleetOf, recordOf } from '#weir/record/index.ts'

const S = 1e9
const clients = Number(process.argv[2] ?? 100_000)
const rate = 1000
const perNode = Math.ceil(clients / 3)
const drainNs = (perNode / rate) * S
const triggerT = 200 * S
const firstT = 220 * S
const gapNs = 20 * S
const endT = firstT + 3 * (drainNs + gapNs) + 30 * S
const node = (pod: string) => `emqx@${pod}`
const metrics = ['emqx_connections_count', 'emqx_live_connections_count'] as const

function synthetic() {
  const columns = new ClientColumns()
  const target = columns.target('127.0.0.1:32010')
  const none = columns.reason('')
  const packet = columns.reason('disconnect-packet')
  for (let client = 0; client < clients; client++) {
    const at = S + client * 1e6
    columns.addRow(at, client, 1, none, -1, -1, target)
    columns.addRow(at + 2e6, client, 2, none, 0, 0, target)
    const evictT = evictionOf(client)
    columns.addRow(evictT, client, 5, packet, 0x9c, -1, target)
    columns.addRow(evictT + S, client, 1, none, -1, -1, target)
    columns.addRow(evictT + S + 3e6, client, 2, none, 0, client % 2, target)
  }
  return columns.take()
}

/** Node by node, `rate` clients in the first milliseconds of each second. */
function evictionOf(client: number): number {
  const place = Math.floor(client / 3)
  const turn = client % 3
  return firstT + turn * (drainNs + gapNs) + Math.floor(place / rate) * 1.002 * S + (place % rate) * 2e4
}

function holding(pod: string, t: number): number[] {
  const [side, n] = pod.split('-') as [string, string]
  const found: number[] = []
  for (let client = 0; client < clients; client++) {
    const evictT = evictionOf(client)
    const isHere =
      side === 'blue'
        ? client % 3 === 2 - Number(n) && S + client * 1e6 + 2e6 <= t && evictT > t
        : Math.floor(client / 3) % 3 === Number(n) && evictT + S + 3e6 <= t
    if (isHere) found.push(client)
  }
  return found
}

function cluster(): { events: RecordEvent[]; scrapes: Scrape[] } {
  const pods = ['blue-2', 'blue-1', 'blue-0', 'green-0', 'green-1', 'green-2']
  const events: RecordEvent[] = [
    { t: triggerT, type: 'mark', name: 'trigger' },
    { t: endT - 5 * S, type: 'mark', name: 'upgrade-done' },
    { t: endT, type: 'mark', name: 'fleet-stopping' },
  ]
  for (const [name, t] of [
    ['blue', 0],
    ['green', triggerT + S],
  ] as const)
    events.push({
      t,
      type: 'set',
      kind: 'StatefulSet',
      name,
      createdUnixMs: t / 1e6,
      specReplicas: 3,
      replicas: 3,
      readyReplicas: 3,
      deleted: false,
    })
  for (const pod of pods)
    events.push({
      t: pod.startsWith('blue') ? 0 : triggerT + 2 * S,
      type: 'pod',
      name: pod,
      uid: pod,
      set: pod.split('-')[0]!,
      node: node(pod),
      phase: 'Running',
      ready: true,
      deleting: false,
      deleted: false,
    })
  const scrapes: Scrape[] = []
  for (const pod of pods) {
    for (let t = 195 * S; t < endT; t += 10 * S) {
      const here = holding(pod, t)
      const connected = here.map((client) => `c${client}`)
      events.push({
        t,
        type: 'listing',
        node: node(pod),
        via: pod,
        tookNs: 1e7,
        complete: true,
        connected,
        detached: [],
      })
      const value = here.length
      const values = Object.fromEntries(metrics.map((name) => [name, value]))
      scrapes.push({ t, tookNs: 1e6, pod, node: node(pod), ok: true, status: 200, metrics: values })
    }
  }
  for (let t = firstT - 10 * S; t < endT; t += S) {
    const turn = Math.floor((t - firstT) / (drainNs + gapNs))
    const evacuations =
      turn < 0 || turn > 2
        ? []
        : [
            {
              node: node(`blue-${2 - turn}`),
              state: 'evicting_conns' as const,
              connectionEvictionRate: rate,
              sessionEvictionRate: rate,
              recipients: [],
              initialConnected: perNode,
              initialSessions: perNode,
              currentConnected: 0,
              currentSessions: 0,
            },
          ]
    events.push({ t, type: 'evacuation', via: 'green-0', tookNs: 1e6, evacuations })
  }
  for (let t = 0; t < endT; t += S)
    events.push({
      t,
      type: 'health',
      loopDelayP99Ms: 5,
      loopDelayMaxMs: 9,
      scheduleLagP99Ms: 5,
      droppedEvents: 0,
      rssMiB: 300,
      cpuPercent: 50,
      clockSkewMs: 0,
    })
  return { events, scrapes }
}

const record = recordOf({
  parameters: {
    clients,
    nodes: 3,
    connEvictRate: rate,
    sessEvictRate: rate,
    waitTakeoverSeconds: 5,
    initialDelaySeconds: 5,
    pollIntervalSeconds: 1,
    scrapeIntervalSeconds: 10,
    sampleIntervalSeconds: 1,
    reconnect: { policy: 'fixed', minMs: 1000, maxMs: 1000 },
    dialect: {
      name: 'synthetic',
      healthCheckWaitSeconds: 0,
      evacuates: true,
      connectionsMetric: metrics[0],
      liveConnectionsMetric: metrics[1],
    },
    holdSeconds: 5,
  },
  manifest: { end: { t: endT, how: 'completed' } },
  fleet: fleetOf(clients, [
    { name: 'clean', protocol: '3.1.1', persistent: false, subscribed: false },
    { name: 'persistent', protocol: '5', persistent: true, subscribed: true },
  ]),
  clients: synthetic(),
  ...cluster(),
})

const startedMs = performance.now()
const verdict = judge(record, { asserts: ASSERTION_IDS.map((id) => ({ id })) })
const tookSeconds = (performance.now() - startedMs) / 1000
const rssMiB = process.resourceUsage().maxRSS / 1024
for (const finding of verdict.findings)
  console.log(`${finding.outcome.padEnd(13)} ${finding.id}: ${finding.measured}`)
console.log(
  `${record.clients.length} events judged in ${tookSeconds.toFixed(2)} s, ${rssMiB.toFixed(0)} MiB at most`,
)
