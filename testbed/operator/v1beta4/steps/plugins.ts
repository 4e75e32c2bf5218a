import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createMissing } from '../../apply.ts'
import { pluginResourceName } from '../names.ts'
import { pluginsConfig } from '../objects/config.ts'
import { metadataOf } from '../objects/metadata.ts'
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
