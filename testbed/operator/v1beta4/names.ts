import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import type { ObjectMeta } from '#weir/cluster/kubernetes/types.ts'
import { ownAnnotations } from '../apply.ts'
import type { EmqxEnterprise } from './types.ts'

export const MANAGED_BY = 'apps.emqx.io/managed-by'
export const INSTANCE = 'apps.emqx.io/instance'
export const ON_SERVING = 'apps.emqx.io/on-serving'
export const MANAGE_CONTAINERS = 'apps.emqx.io/manage-containers'
export const FINALIZER = 'apps.emqx.io/finalizer'
export const API_USER = 'emqx_operator_controller'
export const API_PORT = 8081

export const bootstrapUserName = (cr: string) => `${cr}-bootstrap-user`
export const pluginsConfigName = (cr: string) => `${cr}-plugins-config`
export const aclName = (cr: string) => `${cr}-acl`
export const licenseName = (cr: string) => `${cr}-license`
export const headlessName = (cr: string) => `${cr}-headless`
export const dataName = (cr: string) => `${cr}-data`
/** emqx_rule_engine of emqx-ee is emqx-ee-rule-engine. */
export const pluginResourceName = (cr: string, plugin: string) =>
  `${cr}-${plugin.replace(/^emqx_/, '').replaceAll('_', '-')}`

/** EMQX's own name of the node that runs in a pod. */
export function emqxNodeName(cr: EmqxEnterprise, pod: Pod): string {
  const config = cr.spec.template.spec.emqxContainer.emqxConfig ?? {}
  return `${config.name}@${pod.metadata.name}.${config['cluster.dns.name']}`
}

/** The pod of an EMQX node name. */
export const podNameOf = (node: string): string => node.split('@')[1]?.split('.')[0] ?? ''

/** Name, labels and annotations of something that the operator makes for a resource. */
export function metadataOf(cr: EmqxEnterprise, name: string): ObjectMeta {
  return {
    name,
    namespace: cr.metadata.namespace ?? 'default',
    labels: { ...cr.metadata.labels },
    annotations: ownAnnotations(cr),
  }
}
