import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { dialects } from '#weir/cluster/dialects/index.ts'
import type { Dialect } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { EndpointMembers } from '#weir/cluster/observe/endpoints.ts'
import { readSet } from '#weir/cluster/observe/index.ts'
import { readPod } from '#weir/cluster/observe/pods.ts'
import type { AssertRequest, Evacuation, EvacuationState, RecordEvent } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { projectFile } from '../../support/project-file.ts'

interface Watched {
  t: number
  kind: string
  type: 'INITIAL' | 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubeObject
}

type Told =
  | {
      k: 'life'
      t: number
      pod: string
      what: 'start' | 'up' | 'sigterm'
      ip?: string
      node?: string
      ver?: string
    }
  | { k: 'evac'; t: number; pod: string; state: EvacuationState; live: number }
  | { k: 'evict'; t: number; pod: string; count: number; evicted: number }
  | { k: 'api'; t: number }

/** What the pods were upgraded to. */
const TARGET = { v1beta4: '4.4.15', v2beta1: '5.8.7' }

/** A recording of a real operator (tests/fixtures/recorded/operator) as weir's own record, sampled once a second. */
export function recordedOperator(run: string, asserts: AssertRequest[]): RunRecord {
  const watched = lines(run, 'watch.ndjson').map((line) => JSON.parse(line) as Watched)
  const told = lines(run, 'api.ndjson').map((line) => JSON.parse(line) as Told)
  const steps = lines(run, 'steps.log').map((line) => ({ t: Number(line.split(' ')[0]), text: line }))
  const version = run.startsWith('v2beta1') ? 'v2beta1' : 'v1beta4'
  const dialect = dialects[version]
  const zero = (watched[0]?.t ?? 0) - 1
  const at = (unixSeconds: number) => Math.round((unixSeconds - zero) * 1e9)
  const stepAt = (word: string) => at(steps.find(({ text }) => text.includes(word))?.t ?? Number.NaN)
  const end = stepAt('END STATE')
  return recordOf({
    parameters: {
      clients: 300,
      nodes: 3,
      connEvictRate: 5,
      sessEvictRate: 5,
      waitTakeoverSeconds: 5,
      initialDelaySeconds: 5,
      pollIntervalSeconds: dialect.releasedPollSeconds,
      scrapeIntervalSeconds: 10,
      sampleIntervalSeconds: 1,
      reconnect: { policy: 'fixed 1 s', minMs: 1000, maxMs: 1000 },
      dialect: {
        ...dialect.facts,
        operator: run.includes('2.1.2') ? '2.1.2' : '2.2.29',
        // The recorded nodes waited ten seconds, not EMQX's own minute.
        healthCheckWaitSeconds: dialect.facts.healthCheckWaitSeconds > 0 ? 10 : 0,
      },
      targetVersion: TARGET[version],
      holdSeconds: 20,
    },
    manifest: {
      clock: { source: 'monotonic', anchorUnixMs: zero * 1000 },
      asserts,
      end: { t: end, how: 'completed' },
      scenario: { name: run, resolved: null },
    },
    fleet: fleetOf(300, [{ name: 'clean', protocol: '5', persistent: false, subscribed: false }]),
    clients: clientsOf(run, told, at).filter(({ t }) => t < end),
    events: [
      { t: stepAt('deployed after'), type: 'mark', name: 'cluster-ready' },
      { t: stepAt('PATCH image'), type: 'mark', name: 'trigger' },
      { t: stepAt('blue-green done'), type: 'mark', name: 'upgrade-done' },
      { t: end - 1e6, type: 'mark', name: 'hold-end' },
      { t: end - 1e6, type: 'mark', name: 'fleet-stopping' },
      ...watchesOf(watched, dialect, at),
      ...samplesOf(told, TARGET[version], at, end),
    ].filter(({ t }) => t < end) as RecordEvent[],
  })
}

function lines(run: string, file: string): string[] {
  const path = projectFile(`tests/fixtures/recorded/operator/${run}/${file}.gz`)
  return gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n')
}

function watchesOf(watched: Watched[], dialect: Dialect, at: (t: number) => number): RecordEvent[] {
  const events: RecordEvent[] = []
  const resource = watched.find(({ kind }) => kind === 'CR')?.object
  if (!resource) throw new Error('no resource in the recording')
  const service = dialect.listenersService(resource)
  const members = new EndpointMembers(() => undefined)
  for (const { t, kind, type, object } of watched) {
    const deleted = type === 'DELETED'
    if (kind === 'CR') events.push({ t: at(t), ...dialect.readStatus(object), deleted })
    if (kind === 'StatefulSet') events.push({ t: at(t), ...readSet({ ...object, kind }, deleted) })
    if (kind === 'Pod')
      events.push({
        t: at(t),
        ...readPod(object, dialect.nodeName(resource, object) ?? '', dialect.role(object), deleted),
      })
    if (kind === 'EndpointSlice' && object.metadata.labels?.['kubernetes.io/service-name'] === service) {
      const ready = members.take(object, deleted)
      if (ready) events.push({ t: at(t), type: 'endpoints', service, ready })
    }
  }
  return events
}

/** What a sampler that asks once a second would have been told: the emulated EMQX's own log, played back. */
function samplesOf(told: Told[], target: string, at: (t: number) => number, end: number): RecordEvent[] {
  const events: RecordEvent[] = []
  const nodes = new Map<string, { node: string; running: boolean; version: string }>()
  const evacuations = new Map<string, Evacuation>()
  let next = 0
  for (let t = 30e9; t < end; t += 1e9) {
    for (let one = told[next]; one && at(one.t) <= t; one = told[++next])
      play(one, told, target, nodes, evacuations)
    const via = [...nodes].findLast(([, { running }]) => running)?.[0]
    if (!via) continue
    events.push({
      t,
      type: 'evacuation',
      via,
      tookNs: 5e6,
      evacuations: [...evacuations.values()].map((e) => ({ ...e })),
    })
    events.push({ t, type: 'nodes', via, tookNs: 5e6, nodes: [...nodes.values()].map((n) => ({ ...n })) })
  }
  return events
}

function play(
  one: Told,
  told: Told[],
  target: string,
  nodes: Map<string, { node: string; running: boolean; version: string }>,
  evacuations: Map<string, Evacuation>,
): void {
  if (one.k === 'life' && one.what === 'up') {
    const start = told.find((line) => line.k === 'life' && line.pod === one.pod && line.what === 'start')
    if (start?.k === 'life')
      nodes.set(one.pod, { node: start.node ?? '', running: true, version: start.ver ?? '' })
  }
  if (one.k === 'life' && one.what === 'sigterm') {
    const node = nodes.get(one.pod)
    if (node) node.running = false
    evacuations.delete(one.pod)
  }
  // A process that was told to stop may still log a state; nobody can ask it any more.
  if (one.k === 'evac' && nodes.get(one.pod)?.running) {
    const known = evacuations.get(one.pod)
    evacuations.set(one.pod, {
      node: nodes.get(one.pod)?.node ?? '',
      state: one.state,
      connectionEvictionRate: 5,
      sessionEvictionRate: 5,
      recipients: [...nodes.values()].filter(({ version }) => version === target).map(({ node }) => node),
      initialConnected: known?.initialConnected ?? one.live,
      initialSessions: 0,
      currentConnected: one.live,
      currentSessions: 0,
    })
  }
  if (one.k === 'evict') {
    const known = evacuations.get(one.pod)
    if (known) known.currentConnected = one.count - one.evicted
  }
}

function clientsOf(run: string, told: Told[], at: (t: number) => number): ClientEventRow[] {
  const ips = new Map(told.flatMap((one) => (one.k === 'life' && one.ip ? [[one.pod, one.ip] as const] : [])))
  return lines(run, 'clients.csv')
    .slice(1)
    .flatMap((line): ClientEventRow[] => {
      const [time, client, event, pod, detail] = line.split(',')
      const t = at(Number(time))
      const row = { t, client: Number(client), target: pod ? `${ips.get(pod)}:1883` : '' }
      const attempt = { ...row, t: t - 1e6, kind: 'attempt' } as const
      if (event === 'connected') return [attempt, { ...row, kind: 'connected', sessionPresent: false }]
      if (event === 'disconnected') return [{ ...row, kind: 'disconnected', reason: 'closed' }]
      return [
        attempt,
        {
          ...row,
          kind: 'failed',
          reason: detail === 'econnrefused' ? 'connection-refused' : 'connack-timeout',
        },
      ]
    })
}
