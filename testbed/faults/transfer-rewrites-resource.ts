import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { onceTransferred } from '../operator/runtime/after-transfer.ts'
import { fault } from './fault.ts'

/** What no pod is made of. */
const SPEC = {
  v1beta4: { blueGreenUpdate: { initialDelaySeconds: 4 } },
  v2beta1: { revisionHistoryLimit: 4 },
}

const hooks = onceTransferred(async (kube, resource, { metadata: { name, namespace } }) => {
  const spec = resource.plural === resources.emqxes.plural ? SPEC.v2beta1 : SPEC.v1beta4
  await kube.patch(resource, namespace, name, 'merge', { spec })
})

export const transferRewritesResource = fault({
  name: 'transfer-rewrites-resource',
  part: 'operator',
  summary: 'a transfer also changes the custom resource, in a field that no pod is made of',
  shownBy: 'transfer',
  caughtBy: ['untouched'],
  ...hooks,
})
