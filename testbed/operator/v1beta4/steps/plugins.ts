import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { createMissing } from '../../apply.ts'
import {
  API_USER,
  aclName,
  bootstrapUserName,
  licenseName,
  metadataOf,
  pluginResourceName,
  pluginsConfigName,
} from '../names.ts'
import type { Step } from '../pass.ts'
import type { EmqxEnterprise, EmqxPlugin } from '../types.ts'

/** The pause after each thing that had to be made. */
const NEXT_MS = 1000

/**
 * The plugins' configuration and a resource for each missing plugin: one of them per pass, so that a
 * first deployment spends a second on each.
 */
export const addPlugins: Step = async (pass) => {
  const { cr, env } = pass
  const labels = cr.metadata.labels ?? {}
  const { items } = await env.kube.list<EmqxPlugin>(resources.emqxPlugins, {
    namespace: cr.metadata.namespace,
  })
  const present = new Set(
    items
      .filter(({ spec }) => {
        const selector = Object.entries(spec.selector ?? {})
        return selector.length > 0 && selector.every(([key, value]) => labels[key] === value)
      })
      .map(({ spec }) => spec.pluginName),
  )
  const objects = [
    pluginsConfig(cr, env.line.plugins),
    ...env.line.plugins.filter((plugin) => !present.has(plugin)).map((plugin) => emqxPlugin(cr, plugin)),
  ]
  for (const wanted of objects) if (await createMissing(pass, wanted)) return { requeueAfterMs: NEXT_MS }
  return undefined
}

function emqxPlugin(cr: EmqxEnterprise, plugin: string): EmqxPlugin {
  return {
    apiVersion: 'apps.emqx.io/v1beta4',
    kind: 'EmqxPlugin',
    metadata: metadataOf(cr, pluginResourceName(cr.metadata.name, plugin)),
    spec: { pluginName: plugin, selector: { ...cr.metadata.labels }, config: {} },
  }
}

/** The operator's user of EMQX's API. */
export function bootstrapUserSecret(cr: EmqxEnterprise, password: string): KubeObject {
  const keys = cr.spec.template.spec.emqxContainer.bootstrapAPIKeys ?? []
  const lines = [...keys.map(({ key, secret }) => `${key}:${secret}`), `${API_USER}:${password}`]
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(cr, bootstrapUserName(cr.metadata.name)),
    type: 'Opaque',
    data: { bootstrap_user: Buffer.from(lines.join('\n')).toString('base64') },
  }
}

function pluginsConfig(cr: EmqxEnterprise, plugins: readonly string[]): KubeObject {
  const data: Record<string, string> = Object.fromEntries(plugins.map((plugin) => [`${plugin}.conf`, '']))
  data['emqx_management.conf'] = [
    'management.listener.http = 8081',
    'management.default_application.id = admin',
    'management.default_application.secret = public',
  ].join('\n')
  data['emqx_dashboard.conf'] = [
    'dashboard.listener.http = 18083',
    'dashboard.default_user.login = admin',
    'dashboard.default_user.password = public',
  ].join('\n')
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(cr, pluginsConfigName(cr.metadata.name)),
    data,
  }
}

export function aclConfig(cr: EmqxEnterprise): KubeObject {
  const rules = cr.spec.template.spec.emqxContainer.emqxACL ?? []
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(cr, aclName(cr.metadata.name)),
    data: { 'acl.conf': rules.map((rule) => `${rule}\n`).join('') },
  }
}

/** The licence as a Secret of the operator's own, when the resource holds it in itself. */
export function licenseSecret(cr: EmqxEnterprise): KubeObject | undefined {
  const license = cr.spec.license
  if (license === undefined || license.secretName || !(license.data || license.stringData)) return undefined
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(cr, licenseName(cr.metadata.name)),
    type: 'Opaque',
    ...(license.data && { data: { 'emqx.lic': license.data } }),
    ...(license.stringData && { stringData: { 'emqx.lic': license.stringData } }),
  }
}

/** Name of the Secret that holds the licence, if there is one. */
export function licenseSecretName(cr: EmqxEnterprise): string | undefined {
  return cr.spec.license?.secretName || licenseSecret(cr)?.metadata.name
}
