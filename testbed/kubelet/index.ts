import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { EmqxCluster } from '../emqx/index.ts'
import { type Clock, realClock } from '../runtime/clock.ts'
import { EventRecorder } from '../runtime/event-recorder.ts'
import { seededRandom } from '../runtime/random.ts'
import { emqxProgram } from './emqx-program.ts'
import { readImage } from './image.ts'
import { reloaderProgram } from './licence.ts'
import { registerNode } from './node-object.ts'
import { type LocalImage, PodWorker } from './pod-worker.ts'
import { idleProgram, type Program } from './program.ts'
import { type KubeletAddress, serveKubelet } from './server.ts'

export interface KubeletOptions {
  nodeName: string
  /** InternalIP of the Node. */
  nodeIp: string
  /** Pods get addresses from here, e.g. "127.3.5.". */
  podIpPrefix: string
  cluster: EmqxCluster
  /** Where an API server reaches it; left out, it listens nowhere. */
  server?: KubeletAddress | undefined
  /** What runs for images that this machine has programs for; all others are emulated. */
  programOf?: (image: string) => Program | undefined
  /** From the start of an EMQX container until EMQX serves; default 4000, as in the operators' recordings. */
  bootMs?: number
  /** How often Secrets that pods mount are written again; default 60, as of a real kubelet. */
  secretSyncSeconds?: number | undefined
  /** From SIGTERM until EMQX has ended; default 1500. */
  terminateMs?: number
  seed?: number
  clock?: Clock
  /** Complaints, one line each. */
  log?: (line: string) => void
}

/**
 * A kubelet without containers: for every pod that is bound to its node it starts an emulated EMQX node, or a program of this machine
 * that stands for the image, reports the pod's state, and ends it within its grace period. It speaks only the Kubernetes API, so a real API server does as well.
 * Resolves once the Node is registered and the first pods are known.
 */
export async function startKubelet(kube: KubeApi, options: KubeletOptions): Promise<{ stop(): void }> {
  const { nodeName, nodeIp, podIpPrefix, seed = 1, clock = realClock, log = () => {} } = options
  const { cluster, server: address, bootMs = 4000, terminateMs = 1500, programOf = () => undefined } = options
  const { secretSyncSeconds = 60 } = options
  const emulated = { kube, cluster, bootMs, terminateMs, log }
  const reloader = reloaderProgram({ kube, syncMs: secretSyncSeconds * 1000, log })
  const pull = (name: string): LocalImage => {
    const image = readImage(name)
    const program = programOf(name)
    if (program !== undefined) return { ...image, pullable: true, program }
    const { emqxVersion, isReloader } = image
    if (isReloader) return { ...image, program: reloader }
    return { ...image, program: emqxVersion === undefined ? idleProgram : emqxProgram(emqxVersion, emulated) }
  }
  const pool = new AddressPool(podIpPrefix)
  const workers = new Map<string, { worker: PodWorker; address: string; pod: Pod }>()
  const context = {
    kube,
    clock,
    random: seededRandom(seed),
    events: new EventRecorder({
      kube,
      clock,
      component: 'kubelet',
      host: nodeName,
      onError: (error) => log(`event not written: ${messageOf(error)}`),
    }),
    hostIp: nodeIp,
    pull,
    log,
  }

  function seen(pod: Pod): void {
    const uid = pod.metadata.uid ?? ''
    const known = workers.get(uid)
    if (known !== undefined) {
      known.pod = pod
      known.worker.update(pod)
      return
    }
    const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    if (hasEnded && pod.metadata.deletionTimestamp === undefined) return
    const address = pool.take()
    workers.set(uid, { worker: new PodWorker(context, pod, address), address, pod })
  }

  function gone(uid: string): void {
    const known = workers.get(uid)
    if (known === undefined) return
    known.worker.close()
    pool.free(known.address)
    workers.delete(uid)
  }

  const known = (namespace: string, name: string) =>
    [...workers.values()].find(
      ({ pod: { metadata } }) => metadata.namespace === namespace && metadata.name === name,
    )
  const server =
    address &&
    (await serveKubelet(address, {
      podOf: (namespace, name) => known(namespace, name)?.pod,
      logOf: ({ namespace, pod, container }, previous) =>
        known(namespace, pod)?.worker.logOf(container, previous),
    }))
  await registerNode(kube, { name: nodeName, ip: nodeIp, port: address?.port ?? 0 }, clock.now())
  const watch = kube.watch<Pod>(
    resources.pods,
    { fieldSelector: `spec.nodeName=${nodeName}` },
    {
      onList(pods) {
        const listed = new Set(pods.map(({ metadata }) => metadata.uid))
        for (const uid of [...workers.keys()]) if (!listed.has(uid)) gone(uid)
        pods.forEach(seen)
      },
      onEvent(type, pod) {
        if (type === 'DELETED') gone(pod.metadata.uid ?? '')
        else seen(pod)
      },
      onGap: (reason) => log(`watch of pods: ${reason}`),
    },
  )
  await watch.ready
  return {
    stop() {
      watch.stop()
      server?.closeAllConnections()
      server?.close()
      context.events.stop()
      for (const uid of [...workers.keys()]) gone(uid)
    },
  }
}

/** Addresses for pods out of one /24 of the loopback network: each pod its own, a freed one not used again at once. */
export class AddressPool {
  readonly #prefix: string
  readonly #used = new Set<number>()
  #last = 1

  /** `prefix` like "127.3.5." */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  take(): string {
    for (let tries = 0; tries < 253; tries++) {
      this.#last = this.#last >= 254 ? 2 : this.#last + 1
      if (this.#used.has(this.#last)) continue
      this.#used.add(this.#last)
      return `${this.#prefix}${this.#last}`
    }
    throw new Error(`all addresses of ${this.#prefix}0/24 are taken`)
  }

  free(address: string): void {
    this.#used.delete(Number(address.slice(this.#prefix.length)))
  }
}
