import type { ConfigMap } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { labelled } from '../apply.ts'
import { type OperatorEnvironment, startReconciler } from '../runtime/reconciler.ts'
import { createRequester } from './emqx/requester.ts'
import { HONEST } from './hooks.ts'
import { FINALIZER, pluginsConfigName } from './names.ts'
import type { Pass } from './pass.ts'
import type { EmqxEnterprise, EmqxPlugin } from './types.ts'

/** The pause of plugins is not affected by the poll interval. */
const IDLE_MS = 20_000
const SOON_MS = 1000

interface PluginsOfNode {
  node: string
  plugins: { name: string; active: boolean }[]
}

/** Keeps each plugin's configuration in the ConfigMap, and the plugin running on every node. */
export function startPluginController(env: OperatorEnvironment) {
  const request = createRequester(env.line.apiTarget)

  async function configured(cr: EmqxEnterprise, plugin: EmqxPlugin): Promise<boolean> {
    const { namespace, name } = cr.metadata
    const key = `${plugin.spec.pluginName}.conf`
    const config = plugin.spec.config ?? {}
    const text = Object.keys(config)
      .sort()
      .map((setting) => `${setting}  =  ${config[setting]}\n`)
      .join('')
    const map = await env.kube.get<ConfigMap>(resources.configMaps, namespace, pluginsConfigName(name))
    if (map.data?.[key] === text) return true
    await env.kube.replace(resources.configMaps, { ...map, data: { ...map.data, [key]: text } })
    return false
  }

  /** Loads or unloads the plugin on every node that has it in another state. */
  async function bring(cr: EmqxEnterprise, plugin: EmqxPlugin, to: 'reload' | 'unload'): Promise<void> {
    const pass: Pass = { env, hooks: HONEST, cr }
    const { body } = await request(pass, 'GET', '/api/v4/plugins')
    const nodes = (JSON.parse(body) as { data?: PluginsOfNode[] }).data ?? []
    const { pluginName } = plugin.spec
    for (const { node, plugins } of nodes)
      if (plugins.some(({ name, active }) => name === pluginName && (to === 'unload' || !active)))
        await request(pass, 'PUT', `/api/v4/nodes/${node}/plugins/${pluginName}/${to}`)
  }

  async function setFinalizers(plugin: EmqxPlugin, finalizers: string[]): Promise<void> {
    const metadata = { ...plugin.metadata, finalizers }
    await env.kube.replace(resources.emqxPlugins, { ...plugin, metadata })
  }

  async function reconcile(plugin: EmqxPlugin): Promise<number | undefined> {
    const finalizers = plugin.metadata.finalizers ?? []
    const items = await labelled<EmqxEnterprise>(
      { env, cr: plugin },
      resources.emqxEnterprises,
      plugin.spec.selector,
    )
    if (plugin.metadata.deletionTimestamp !== undefined) {
      if (!finalizers.includes(FINALIZER)) return undefined
      for (const cr of items) await bring(cr, plugin, 'unload')
      await setFinalizers(
        plugin,
        finalizers.filter((finalizer) => finalizer !== FINALIZER),
      )
      return undefined
    }
    if (!finalizers.includes(FINALIZER)) await setFinalizers(plugin, [...finalizers, FINALIZER])
    for (const cr of items) {
      if (!(await configured(cr, plugin))) return SOON_MS
      if (cr.status?.emqxNodes === undefined) return env.line.apiTarget === 'port-forward' ? SOON_MS : IDLE_MS
      await bring(cr, plugin, 'reload')
    }
    return IDLE_MS
  }

  return startReconciler<EmqxPlugin>(env, { resource: resources.emqxPlugins, always: true, pass: reconcile })
}
