import type { Event, Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { Resource } from '#weir/cluster/kubernetes/types.ts'
import type { Emqx } from '#weir/testbed/operator/v3beta1/types.ts'
import { type Bed, type Seen, startBed } from '../bed.ts'
import { until } from '../listen.ts'

export interface Plan {
  cores: number
  replicants?: number
  maxUnavailable?: number
  /** Client connections and sessions that a node evicts in a second. */
  rate: number
  type?: 'NodeEvacuation' | 'Disabled'
}

export interface Deployed {
  cr(): Emqx
  pods(role: 'core' | 'replicant'): Pod[]
  sets(): StatefulSet[]
  change(spec: object): Promise<void>
  /** Resolves when the resource says so, of its present generation. */
  ready(): Promise<void>
  connect(count: number): Promise<void>
  bed: Bed
}

const WATCHED: [kind: string, resource: Resource][] = [
  ['CR', resources.emqxesOfV3],
  ['StatefulSet', resources.statefulSets],
  ['ReplicaSet', resources.replicaSets],
  ['Endpoints', resources.endpoints],
  ['Event', resources.events],
  ['Pod', resources.pods],
]

const PORT = 32043
const NAMESPACE = 'default'

/** As the operator's own, but it looks sooner and every second. */
const PROBE = {
  httpGet: { path: '/api/v5/load_rebalance/availability_check', port: 'dashboard' },
  initialDelaySeconds: 1,
  periodSeconds: 1,
  failureThreshold: 1,
}

function specOf({ cores, replicants = 0, maxUnavailable, rate, type = 'NodeEvacuation' }: Plan): object {
  const port = { name: 'tcp-default', port: 1883, targetPort: 1883, nodePort: PORT, protocol: 'TCP' }
  const rates = { connectionEvictionRate: rate, sessionEvictionRate: rate }
  return {
    image: 'emqx/emqx:6.2.1',
    updateStrategy: {
      type: 'RollingUpdate',
      evacuationStrategy: { type, ...rates, waitTakeover: 1, waitHealthCheck: 2 },
      ...(maxUnavailable !== undefined && { replicants: { maxUnavailable } }),
    },
    coreTemplate: { spec: { replicas: cores, readinessProbe: PROBE } },
    ...(replicants > 0 && { replicantTemplate: { spec: { replicas: replicants, readinessProbe: PROBE } } }),
    listenersServiceTemplate: { spec: { type: 'NodePort', ports: [port] } },
  }
}

/** Deploys, does what `work` does, and returns all that was seen. */
export async function emulated(plan: Plan, work: (cluster: Deployed) => Promise<void>): Promise<Seen> {
  const bed = await startBed({ operator: '3.0.0', pollIntervalSeconds: 1, faults: [], watched: WATCHED })
  const cr = () => bed.latest.get('CR/emqx') as Emqx
  const isReady = () =>
    cr()?.status?.conditions?.some(
      ({ type, status, observedGeneration }) =>
        type === 'Ready' && status === 'True' && observedGeneration === cr().metadata.generation,
    ) ?? false
  const ready = () => until('Ready', isReady)
  try {
    const metadata = { name: 'emqx', namespace: NAMESPACE }
    const apiVersion = 'apps.emqx.io/v3beta1'
    await bed.kube.create(resources.emqxesOfV3, {
      apiVersion,
      kind: 'EMQX',
      metadata,
      spec: specOf(plan),
    } as Emqx)
    await ready()
    await work({
      bed,
      cr,
      ready,
      pods: (role) =>
        bed.all<Pod>('Pod').filter(({ metadata: { labels } }) => labels?.['apps.emqx.io/db-role'] === role),
      sets: () => [...bed.all<StatefulSet>('StatefulSet'), ...bed.all<StatefulSet>('ReplicaSet')],
      async change(spec) {
        await bed.kube.patch<Emqx>(resources.emqxesOfV3, NAMESPACE, 'emqx', 'merge', { spec })
        await until('the operator has seen the change', () => !isReady())
      },
      connect: (count) => bed.connect(count, PORT),
    })
  } finally {
    await bed.close()
  }
  return { watch: bed.watch, requests: bed.requests }
}

/** What the operator says that it did with nodes, by the name of the pod, in order. An Event that comes again is the same object, changed. */
export const evacuations = ({ watch }: Seen): string[] =>
  watch.flatMap(({ kind, type, object }) => {
    const { reason, message = '' } = object as Event
    if (kind !== 'Event' || type === 'DELETED' || reason !== 'NodeEvacuation') return []
    const [, node, what] = /^Node emqx@([^. ]+)\S* evacuation (.*)$/.exec(message) ?? []
    return [`${node} ${what}`]
  })

/** Names of the pods that were deleted, in order. */
export const deletions = ({ watch }: Seen): string[] =>
  watch.flatMap(({ kind, type, object }) =>
    kind === 'Pod' && type === 'DELETED' ? [object.metadata.name] : [],
  )

/** The most evacuations that the resource showed at once, of those that had not ended. */
export const mostAtOnce = ({ watch }: Seen): number =>
  Math.max(
    ...watch.map(({ kind, object }) => {
      const { status } = object as Emqx
      const under = kind === 'CR' ? (status?.nodeEvacuations ?? []) : []
      return under.filter(({ state }) => state !== 'prohibiting').length
    }),
  )
