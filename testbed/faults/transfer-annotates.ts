import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { transferredTo } from '../operator/runtime/after-transfer.ts'
import { fault } from './fault.ts'

const ANNOTATION = 'apps.emqx.io/project'

export const transferAnnotates = fault({
  name: 'transfer-annotates',
  part: 'operator',
  summary: 'a transfer is also written as an annotation of the resource, which reaches its pods',
  dialects: ['v1beta4'],
  shownBy: 'transfer',
  caughtBy: ['untouched'],
  alsoFails: ['membership-exact', 'gauge-truth', 'conservation', 'available'],
  v1beta4: (next) => ({
    async onPass(pass) {
      await next.onPass(pass)
      const { cr, env } = pass
      const { name, namespace = 'default', annotations } = cr.metadata
      const project = await transferredTo(env.kube, resources.emqxEnterprises, cr)
      if (project === undefined || annotations?.[ANNOTATION] === project) return
      const patch = { metadata: { annotations: { [ANNOTATION]: project } } }
      await env.kube.patch(resources.emqxEnterprises, namespace, name, 'merge', patch)
    },
  }),
})
