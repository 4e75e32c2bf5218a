import { findOperator } from '#weir/cluster/index.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { StepFailure } from '../../run/endings.ts'
import type { Run } from '../../run/run.ts'
import type { StoppedOperator } from '../../run/state.ts'
import { pause } from '../../run/within.ts'
import { audited } from '../audited.ts'

interface Deployment extends KubeObject {
  spec?: { replicas?: number }
  status?: { replicas?: number; availableReplicas?: number }
}

type Place = Pick<StoppedOperator, 'namespace' | 'name'>

const POLL_MS = 200

/** Lets the operator have no pod. A run that ends before it starts it again does so then. */
export async function stopOperator(run: Run, signal: AbortSignal): Promise<void> {
  const place = await placeOf(run)
  await audited(run, 'stop-operator', nameOf(place), async () => {
    const replicas = (await read(run, place)).spec?.replicas ?? 1
    if (replicas === 0) throw new StepFailure('failed', `${nameOf(place)} has no replicas`)
    run.cleanUp.addUndo(() => startUnlessStarted(run))
    run.state.operatorStopped({ ...place, replicas })
    await scale(run, place, 0)
    await until(run, place, signal, ({ status }) => (status?.replicas ?? 0) === 0, 'it still has pods')
    return `${replicas} to 0 replicas`
  })
}

/** Gives the operator as many pods as before. Resolves when they are available. */
export async function startOperator(run: Run, signal: AbortSignal): Promise<void> {
  const stopped = run.state.stoppedOperator
  if (!stopped) throw new StepFailure('failed', 'start-operator: the operator has not been stopped')
  const isAvailable = ({ status }: Deployment) => (status?.availableReplicas ?? 0) >= stopped.replicas
  await startAgain(run, stopped, () => until(run, stopped, signal, isAvailable, 'no pod is ready'))
}

const startAgain = (run: Run, stopped: StoppedOperator, seen?: () => Promise<void>): Promise<void> =>
  audited(run, 'start-operator', nameOf(stopped), async () => {
    await scale(run, stopped, stopped.replicas)
    run.state.operatorStarted()
    await seen?.()
    return `0 to ${stopped.replicas} replicas`
  })

async function startUnlessStarted(run: Run): Promise<void> {
  const stopped = run.state.stoppedOperator
  if (!stopped) return
  try {
    await startAgain(run, stopped)
  } catch (error) {
    const text = `${nameOf(stopped)} may still have no replicas: scale it to ${stopped.replicas} (${messageOf(error)})`
    run.emit({ type: 'note', level: 'error', text })
  }
}

/** Where nobody looked for it because its line was said, it is looked for now. */
async function placeOf({ cluster }: Run): Promise<Place> {
  const { deployment, how } = cluster.operator.deployment
    ? cluster.operator
    : await findOperator(cluster.kube)
  if (!deployment) throw new StepFailure('failed', `stop-operator: ${how}`)
  return deployment
}

const nameOf = ({ namespace, name }: Place): string => `Deployment ${namespace}/${name}`

const read = ({ cluster }: Run, { namespace, name }: Place): Promise<Deployment> =>
  cluster.kube.get<Deployment>(resources.deployments, namespace, name)

const scale = ({ cluster }: Run, { namespace, name }: Place, replicas: number): Promise<unknown> =>
  cluster.kube.patch(resources.deployments, namespace, name, 'merge', { spec: { replicas } })

async function until(
  run: Run,
  place: Place,
  signal: AbortSignal,
  holds: (deployment: Deployment) => boolean,
  missing: string,
): Promise<void> {
  while (!holds(await read(run, place))) {
    run.state.polled(`${nameOf(place)}: ${missing}`)
    await pause(POLL_MS, signal)
  }
}
