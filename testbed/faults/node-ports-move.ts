import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Service } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { listenersName } from '../operator/emqx5/names.ts'
import { nodesStatus } from '../operator/v2beta1/status.ts'
import { fault } from './fault.ts'

/**
 * Writes a Service as operators did that forgot for one pass which ports EMQX has: without the ports that its template gives no node port,
 * and then with them again, for which the API server chooses others. Once for each Service.
 */
class Rewriter {
  readonly #written = new Set<string>()

  async rewrite(
    kube: KubeApi,
    name: string,
    namespace: string | undefined,
    named: readonly number[],
  ): Promise<void> {
    const key = `${namespace}/${name}`
    if (this.#written.has(key)) return
    const service = await unlessGone(kube.get<Service>(resources.services, namespace, name))
    if (service === undefined) return
    this.#written.add(key)
    const ports = service.spec.ports ?? []
    const kept = ports.filter(({ nodePort }) => nodePort !== undefined && named.includes(nodePort))
    const without = await kube.replace(resources.services, {
      ...service,
      spec: { ...service.spec, ports: kept },
    })
    const anew = ports.map((port) => (kept.includes(port) ? port : { ...port, nodePort: undefined }))
    await kube.replace(resources.services, { ...without, spec: { ...without.spec, ports: anew } })
  }
}

const namedIn = (template: { spec?: Service['spec'] } | undefined): number[] =>
  (template?.spec?.ports ?? []).flatMap(({ nodePort }) => nodePort ?? [])

export const nodePortsMove = fault({
  name: 'node-ports-move',
  part: 'operator',
  summary:
    'as the first node is drained the Service gets other node ports, but for those that the resource names',
  caughtBy: ['addresses-kept'],
  v1beta4(next) {
    const rewriter = new Rewriter()
    return {
      async beforeDrain(pass, request) {
        await next.beforeDrain(pass, request)
        const { name, namespace } = pass.cr.metadata
        if (pass.cr.status?.blueGreenUpdateStatus == null) return
        const { serviceTemplate } = pass.cr.spec
        const service = serviceTemplate?.metadata?.name ?? name
        await rewriter.rewrite(pass.env.kube, service, namespace, namedIn(serviceTemplate))
      },
    }
  },
  v2beta1(next) {
    const rewriter = new Rewriter()
    return {
      async beforeDrain(pass, requester) {
        await next.beforeDrain(pass, requester)
        const { name, namespace } = pass.cr.metadata
        const { currentRevision, updateRevision } = nodesStatus(pass.cr, 'core')
        if (currentRevision === updateRevision) return
        const named = namedIn(pass.cr.spec.listenersServiceTemplate)
        await rewriter.rewrite(pass.env.kube, listenersName(name), namespace, named)
      },
    }
  },
})
