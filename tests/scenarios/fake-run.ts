import { v1beta4 } from '#weir/cluster/dialects/v1beta4.ts'
import type { Cluster, ClusterObservation, EmqxNodeApi, PodTarget } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Manifest, RecordEvent, Scrape } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { Listings } from '#weir/scenarios/observe/listings.ts'
import { CleanUp } from '#weir/scenarios/run/clean-up.ts'
import { LiveCluster } from '#weir/scenarios/run/live-cluster.ts'
import type { Run } from '#weir/scenarios/run/run.ts'
import { RunState } from '#weir/scenarios/run/state.ts'
import type { Scenario } from '#weir/scenarios/types.ts'

export interface FakeRun extends Run {
  events: RecordEvent[]
  scrapes: Scrape[]
  manifests: Partial<Manifest>[]
  stop: AbortController
  /** What the clock says, in nanoseconds; a test moves it, and each look moves it on by a nanosecond. */
  nowNs: number
  observe(...observations: ClusterObservation[]): void
  of<T extends RecordEvent['type']>(type: T): Extract<RecordEvent, { type: T }>[]
}

export interface FakeCluster {
  resource: KubeObject | undefined
  kube: Partial<Cluster['kube']>
  emqx: (podIp: string) => Partial<EmqxNodeApi>
}

/** A run whose record is an array, whose clock is moved by the test, and whose cluster is what the test says. */
export function fakeRun(
  cluster: Partial<FakeCluster> = {},
  scenario: Scenario = loadScenario('blue-green-quick'),
): FakeRun {
  const events: RecordEvent[] = []
  const scrapes: Scrape[] = []
  const manifests: Partial<Manifest>[] = []
  const stop = new AbortController()
  const live = new LiveCluster()
  const run = {
    scenario,
    testbed: scenario.testbed,
    seed: 1,
    clientIdPrefix: 'weir-test-',
    access: { clientId: 'weir-test-%i' },
    events,
    scrapes,
    manifests,
    stop,
    live,
    nowNs: 0,
    clock: {
      zeroNs: 0n,
      anchorUnixMs: 0,
      now: () => ++run.nowNs,
      fromUnixMs: (ms: number) => ms * 1e6,
      skewMs: () => 0,
    },
    listings: new Listings(),
    signal: stop.signal,
    record: {
      event: (event: RecordEvent) => void events.push(event),
      scrape: (scrape: Scrape) => void scrapes.push(scrape),
      manifest: async (patch: Partial<Manifest>) => void manifests.push(patch),
    },
    emit(event: object) {
      const t = run.clock.now()
      events.push({ t, ...event } as RecordEvent)
      return t
    },
    lose: (reason: string) => stop.abort(new Error(reason)),
    cleanUp: new CleanUp(),
    state: new RunState(),
    cluster: {
      kube: cluster.kube,
      wayIn: {},
      namespace: 'default',
      name: 'emqx-ee',
      dialect: v1beta4,
      resource: async () => cluster.resource,
      operator: { line: '2.1.2', how: 'said by the test' },
      emqx: ({ ip }: PodTarget) => cluster.emqx?.(ip),
    },
    observe(...observations: ClusterObservation[]) {
      for (const one of observations) live.update(one, run.clock.now())
    },
    of: (type: string) => events.filter((event) => event.type === type),
  }
  return run as unknown as FakeRun
}

export const pod = (name: string, more: Partial<Extract<ClusterObservation, { type: 'pod' }>> = {}) =>
  ({
    type: 'pod',
    name,
    uid: `uid-${name}`,
    set: name.replace(/-\d+$/, ''),
    node: `emqx-ee@${name}`,
    ip: `10.0.0.${name.length}`,
    image: 'emqx/emqx-ee:4.4.14',
    phase: 'Running',
    ready: true,
    deleting: false,
    deleted: false,
    ...more,
  }) as const satisfies ClusterObservation

export const set = (name: string, replicas: number, specReplicas = replicas) =>
  ({
    type: 'set',
    kind: 'StatefulSet',
    name,
    createdUnixMs: 1,
    specReplicas,
    replicas,
    readyReplicas: replicas,
    deleted: false,
  }) as const satisfies ClusterObservation

export const cr = (settled: boolean, condition = 'Running') =>
  ({
    type: 'cr',
    generation: 1,
    settled,
    updating: !settled,
    condition,
    evacuations: [],
    nodes: [],
    deleted: false,
  }) as const satisfies ClusterObservation

export const endpoints = (...ready: string[]) => ({ type: 'endpoints', service: 'emqx-ee', ready }) as const
