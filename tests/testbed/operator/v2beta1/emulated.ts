import type { Pod, StatefulSet } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '../../../../cluster/kubernetes/resources.ts'
import type { KubeObject, Resource } from '../../../../cluster/kubernetes/types.ts'
import type { Emqx } from '../../../../testbed/operator/v2beta1/types.ts'
import { type Bed, type Seen, startBed } from '../bed.ts'
import { until } from '../listen.ts'

export interface Plan {
  cores: number
  replicants?: number
  delaySeconds: number
  waitTakeoverSeconds: number
  rate: number
  healthCheckWaitSeconds: number
  faults?: string[]
  /** Pods are ready as soon as EMQX answers, not ten seconds after they started at the earliest. */
  isImpatient?: boolean
}

/** A cluster with one EMQX resource that has become Ready. */
export interface Deployed extends Omit<Bed, 'connect' | 'close' | 'all'> {
  cr(): Emqx | undefined
  pods(): Pod[]
  sets(): StatefulSet[]
  /** A merge patch of the resource's spec. */
  change(spec: object): Promise<void>
  /** Resolves when the resource says so, of its present generation, and `pods` are there. */
  ready(pods: number): Promise<void>
  connect(count: number): Promise<void>
  /** Resolves when the operator rests, as it does between two looks at a settled resource. */
  idle(): Promise<void>
  /** Deletes the resource while the operator rests, and waits until nothing of it is left. */
  remove(): Promise<void>
}

const WATCHED: [kind: string, resource: Resource][] = [
  ['CR', resources.emqxes],
  ['StatefulSet', resources.statefulSets],
  ['ReplicaSet', resources.replicaSets],
  ['Service', resources.services],
  ['Endpoints', resources.endpoints],
  ['Event', resources.events],
  ['Pod', resources.pods],
]

const PORT = 32041
const NAMESPACE = 'default'
/** Longer than the pause between two looks at a resource that is not settled. */
const REST_SECONDS = 1.5

const READINESS = {
  httpGet: { path: '/status', port: 'dashboard' },
  initialDelaySeconds: 1,
  periodSeconds: 1,
}

function resourceOf(plan: Plan): KubeObject {
  const { cores, replicants = 0, delaySeconds, waitTakeoverSeconds, rate, isImpatient } = plan
  const probe = isImpatient && { readinessProbe: READINESS }
  const port = { name: 'tcp-default', port: 1883, targetPort: 1883, nodePort: PORT, protocol: 'TCP' }
  const strategy = { waitTakeover: waitTakeoverSeconds, connEvictRate: rate, sessEvictRate: rate }
  return {
    apiVersion: 'apps.emqx.io/v2beta1',
    kind: 'EMQX',
    metadata: { name: 'emqx', namespace: NAMESPACE },
    spec: {
      image: 'emqx/emqx-enterprise:5.8.6',
      imagePullPolicy: 'IfNotPresent',
      updateStrategy: { type: 'Recreate', initialDelaySeconds: delaySeconds, evacuationStrategy: strategy },
      coreTemplate: { spec: { replicas: cores, ...probe } },
      ...(replicants > 0 && { replicantTemplate: { spec: { replicas: replicants, ...probe } } }),
      listenersServiceTemplate: { spec: { type: 'NodePort', ports: [port] } },
    },
  }
}

/** Deploys, does what `work` does, and returns all that was seen, also of what went wrong. */
export async function emulated(plan: Plan, work: (cluster: Deployed) => Promise<void>): Promise<Seen> {
  const bed = await startBed({
    operator: '2.2.29',
    pollIntervalSeconds: 1,
    healthCheckWaitSeconds: plan.healthCheckWaitSeconds,
    faults: plan.faults ?? [],
    watched: WATCHED,
  })
  const { kube, watch, latest, requests, all } = bed
  const pods = () => all<Pod>('Pod')
  const cr = () => latest.get('CR/emqx') as Emqx | undefined
  const sets = () => [...all<StatefulSet>('StatefulSet'), ...all<StatefulSet>('ReplicaSet')]
  const idle = () =>
    until('an operator that rests', () => Date.now() / 1000 - (requests.at(-1)?.t ?? 0) > REST_SECONDS)
  const cluster: Deployed = {
    kube,
    watch,
    latest,
    requests,
    cr,
    pods,
    sets,
    async change(spec) {
      const changed = await kube.patch<Emqx>(resources.emqxes, NAMESPACE, 'emqx', 'merge', { spec })
      // The resource says Ready until the operator has looked at it.
      const generation = changed.metadata.generation ?? 0
      await until('the operator has seen the change', () => {
        const now = cr()
        return now?.metadata.generation === generation && now.status?.conditions?.[0]?.type !== 'Ready'
      })
    },
    ready: (count) =>
      until(`Ready with ${count} pods`, () => {
        const isReady = cr()?.status?.conditions?.[0]?.type === 'Ready'
        return isReady && pods().length === count
      }),
    connect: (count) => bed.connect(count, PORT),
    idle,
    async remove() {
      await idle()
      await kube.delete(resources.emqxes, NAMESPACE, 'emqx')
      await until(
        'the end of everything',
        () => pods().length === 0 && sets().length === 0 && all('Service').length === 0,
      )
    },
  }
  try {
    await kube.create(resources.emqxes, resourceOf(plan))
    await cluster.ready(plan.cores + (plan.replicants ?? 0))
    await work(cluster)
  } finally {
    await bed.close()
  }
  return { watch, requests }
}
