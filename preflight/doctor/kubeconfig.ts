import { serverName } from '#weir/cluster/index.ts'
import { createKubeApi } from '#weir/cluster/kubernetes/client.ts'
import { ok } from '../line.ts'
import { defineCheck } from './check.ts'

/** The file can be read, and its context names a server. */
export const kubeconfig = defineCheck({
  id: 'kubeconfig',
  title: 'kubeconfig',
  code: 'WEIR_KUBECONFIG',
  needs: [],
  run({ cluster: { kubeconfig: file, context, namespace, impersonate } }) {
    const kube = createKubeApi({ kubeconfig: file, context, namespace, impersonate })
    return { lines: [ok(`${file} leads to ${serverName(kube.server)}`)], learned: { kube } }
  },
})
