import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { DeploymentController } from './deployment/controller.ts'
import { DisruptionController } from './disruption.ts'
import { EndpointsController } from './endpoints/controller.ts'
import type { EndpointsHooks } from './endpoints/hooks.ts'
import { ReplicaSetController } from './replicaset/controller.ts'
import { startScheduler } from './scheduler.ts'
import { startServiceAccounts } from './service-accounts.ts'
import { StatefulSetController } from './statefulset/controller.ts'

export interface ControllerOptions {
  faults: { endpoints(): EndpointsHooks }
  /** The Node that the scheduler binds every pod to. */
  nodeName: string
  /** Off where a kubelet or a real scheduler binds pods; default true. */
  schedule?: boolean
  /** Receives errors; the controllers retry by themselves. Default: a process warning. */
  onError?: (where: string, error: unknown) => void
}

/**
 * Starts the controllers of kube-controller-manager and kube-scheduler that an EMQX cluster needs. They know nothing but
 * the API, so they run against a real server too. `ready` resolves once each has seen everything that exists.
 */
export function startControllers(
  kube: KubeApi,
  options: ControllerOptions,
): { ready: Promise<void>; stop(): void } {
  const { faults, nodeName, schedule = true, onError = warn } = options
  const parts: { ready: Promise<unknown>; stop(): void }[] = [
    new EndpointsController(kube, faults.endpoints(), onError),
    new StatefulSetController(kube, onError),
    new ReplicaSetController(kube, onError),
    new DeploymentController(kube, onError),
    new DisruptionController(kube, onError),
    startServiceAccounts(kube, onError),
    ...(schedule ? [startScheduler(kube, nodeName, onError)] : []),
  ]
  const ready = Promise.all(parts.map((part) => part.ready)).then(() => {})
  // Callers may ignore it: the parts report their errors to onError.
  ready.catch(() => {})
  return {
    ready,
    stop() {
      for (const part of parts) part.stop()
    },
  }
}

function warn(where: string, error: unknown): void {
  process.emitWarning(`${where}: ${messageOf(error)}`)
}
