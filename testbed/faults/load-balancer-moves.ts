import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { listenersName } from '../operator/emqx5/names.ts'
import { fault } from './fault.ts'

const SPEC = 'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-spec'

/** Gives a Service an annotation for which the cloud makes its load balancer anew, once the resource has changed under its clients. */
class Mover {
  /** Generation of each resource when it had clients first; undefined once its Service was moved. */
  readonly #known = new Map<string | undefined, number | undefined>()

  async look(
    kube: KubeApi,
    { metadata }: KubeObject,
    service: string,
    nodes: readonly { connections?: number }[] = [],
  ): Promise<void> {
    const { uid, namespace, generation } = metadata
    if (!nodes.some(({ connections = 0 }) => connections > 0)) return
    if (!this.#known.has(uid)) this.#known.set(uid, generation)
    const known = this.#known.get(uid)
    if (known === undefined || known === generation) return
    this.#known.set(uid, undefined)
    await unlessGone(
      kube.patch<Service>(resources.services, namespace, service, 'merge', {
        metadata: { annotations: { [SPEC]: 'slb.s3.large' } },
      }),
    )
  }
}

export const loadBalancerMoves = fault({
  name: 'load-balancer-moves',
  part: 'operator',
  summary:
    'when the resource has changed, its Service gets an annotation for which the cloud makes the load balancer anew',
  shownBy: 'connections-load-balancer',
  caughtBy: ['addresses-kept'],
  // Who comes by the old address finds nobody.
  alsoFails: ['available'],
  v1beta4(next) {
    const mover = new Mover()
    return {
      async onPass(pass) {
        await next.onPass(pass)
        const { cr, env } = pass
        const service = cr.spec.serviceTemplate?.metadata?.name ?? cr.metadata.name
        await mover.look(env.kube, cr, service, cr.status?.emqxNodes)
      },
    }
  },
  v2beta1(next) {
    const mover = new Mover()
    return {
      // The operator looks no more at a cluster that has settled.
      pauseMs: () => 1000,
      async shownStatus(pass, truth) {
        const { cr, env } = pass
        await mover.look(env.kube, cr, listenersName(cr.metadata.name), cr.status?.coreNodes)
        return next.shownStatus(pass, truth)
      },
    }
  },
})
