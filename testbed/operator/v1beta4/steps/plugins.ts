import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createMissing } from '../../apply.ts'
import { pluginsConfig } from '../objects/config.ts'
import { emqxPlugin } from '../objects/emqx-plugin.ts'
import type { Step } from '../pass.ts'
import type { EmqxPlugin } from '../types.ts'

/** The pause after each thing that had to be made. */
const NEXT_MS = 1000

/**
 * The plugins' configuration and a resource for each plugin that nobody has made yet: one of them a pass, so that a
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
  const wishes = [
    pluginsConfig(cr, env.line.plugins),
    ...env.line.plugins.filter((plugin) => !present.has(plugin)).map((plugin) => emqxPlugin(cr, plugin)),
  ]
  for (const wish of wishes) if (await createMissing(pass, wish)) return { requeueAfterMs: NEXT_MS }
  return undefined
}
