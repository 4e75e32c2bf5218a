import { randomBytes } from 'node:crypto'
import type { Hosting } from '#weir/bench/fleet/hosts/host-shards.ts'
import { FleetJob } from '#weir/cluster/fleet-job/fleet-job.ts'
import { FleetPodHttp } from '#weir/cluster/fleet-job/pod-http.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import { Interrupted } from '../run/endings.ts'
import { type PodAccess, packAccess } from './pod-access.ts'
import { type PodOutlets, podHosting, podPlacement } from './pod-hosting.ts'
import { PodLink } from './pod-link.ts'

/** A fleet in pods of the cluster: `--fleet job`. */
export interface FleetJobRequest {
  pods: number
  image: string
}

/** The pods of a run's fleet, which run and wait for their part of it. */
export interface FleetPods {
  /** e.g. "Job default/weir-fleet-1a2b3c with 2 pods of weir:0.1.0" */
  readonly what: string
  hosting(out: PodOutlets): Hosting
  /** Removes the Job with all that belongs to it. */
  remove(): Promise<void>
  /** The same because of an error; returns what to throw then. */
  removeAfter(error: unknown): Promise<unknown>
}

export interface FleetPodsOptions extends FleetJobRequest {
  fleet: { clients: number; connectsInFlight: number }
  access: PodAccess
  signal: AbortSignal
}

const endedMeanwhile = () =>
  new WeirError('WEIR_DECLINED', 'nothing was changed: the run was ended while the pods of its fleet started')

/** No run takes longer; without a run the pods end within a minute. */
const DEADLINE_SECONDS = 24 * 3600
/** An image is pulled, a node may have to be made for the pods. */
const START_MS = 180_000
const GREET_MS = 15_000

/**
 * Creates the Job and resolves when all of its pods run and answer. Throws WEIR_FLEET_JOB with the reason of the first that does not, and
 * WEIR_DECLINED when the run is interrupted. It leaves nothing behind then, or the error says what.
 */
export async function startPods(kube: KubeApi, options: FleetPodsOptions): Promise<FleetPods> {
  const { pods, image, fleet, access, signal } = options
  podPlacement({ ...fleet, workers: 0 }, pods)
  const token = randomBytes(32).toString('hex')
  const { namespace } = kube
  const name = `weir-fleet-${randomBytes(4).toString('hex')}`
  const clientsEach = Math.ceil(fleet.clients / pods)
  const spec = { namespace, name, pods, image, clientsEach, deadlineSeconds: DEADLINE_SECONDS }
  const job = await FleetJob.create(kube, spec, { token, access: packAccess(access) })
  const links: PodLink[] = []
  try {
    for (const pod of await job.running(START_MS, signal)) {
      const link = new PodLink(pod, new FleetPodHttp(kube, namespace, pod, { token }))
      links.push(link)
      void job.ended(pod.name).then((how) => link.gone(how))
    }
    await Promise.all(links.map((link) => link.greet(GREET_MS)))
  } catch (error) {
    for (const link of links) link.release()
    throw await job.removeAfter(error instanceof Interrupted ? endedMeanwhile() : error)
  }
  return {
    what: `Job ${namespace}/${name} with ${pods} ${pods === 1 ? 'pod' : 'pods'} of ${image}`,
    hosting: (out) => podHosting(links, out),
    async remove() {
      for (const link of links) link.release()
      await job.remove()
    },
    async removeAfter(error) {
      for (const link of links) link.release()
      return job.removeAfter(error)
    },
  }
}
