import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { listenersName } from '../operator/emqx5/names.ts'
import { onceTransferred } from '../operator/runtime/after-transfer.ts'
import { fault } from './fault.ts'

const hooks = onceTransferred(async (kube, { plural }, { metadata: { name, namespace } }) => {
  const service = plural === resources.emqxes.plural ? listenersName(name) : name
  const { spec } = await kube.get<Service>(resources.services, namespace, service)
  const ports = [...(spec.ports ?? []), { name: 'project', port: 19_999, targetPort: 1883 }]
  await kube.patch(resources.services, namespace, service, 'merge', { spec: { ports } })
})

export const transferRewritesService = fault({
  name: 'transfer-rewrites-service',
  part: 'operator',
  summary: 'a transfer also gives the Service another port',
  shownBy: 'transfer',
  caughtBy: ['untouched'],
  ...hooks,
})
