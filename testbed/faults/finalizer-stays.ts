import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from '#weir/cluster/kubernetes/types.ts'
import { fault } from './fault.ts'

const FINALIZER = 'example.org/hold'

async function hold(kube: KubeApi, resource: Resource, { metadata }: KubeObject): Promise<void> {
  const { name, namespace, finalizers = [] } = metadata
  if (finalizers.includes(FINALIZER) || metadata.deletionTimestamp !== undefined) return
  await kube.patch(resource, namespace, name, 'merge', {
    metadata: { finalizers: [...finalizers, FINALIZER] },
  })
}

export const finalizerStays = fault({
  name: 'finalizer-stays',
  part: 'operator',
  summary: 'the resource has a finalizer that nobody removes, so its deletion never ends',
  shownBy: 'delete',
  caughtBy: ['order-of-deletion'],
  v1beta4: (next) => ({
    async onPass(pass) {
      await next.onPass(pass)
      await hold(pass.env.kube, resources.emqxEnterprises, pass.cr)
    },
  }),
  v2beta1: (next) => ({
    async shownStatus(pass, truth) {
      // Before that it would come between the operator and its own status.
      if (truth.conditions?.[0]?.type === 'Ready') await hold(pass.env.kube, resources.emqxes, pass.cr)
      return next.shownStatus(pass, truth)
    },
  }),
})
