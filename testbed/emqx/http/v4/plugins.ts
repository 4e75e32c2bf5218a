import type { NodeCore } from '../../node-core.ts'
import { put, type Route } from '../routes.ts'
import { done, failed, perNode } from './answer.ts'

/** Plugins that the operator loads; those of evacuation are loaded in every emulated node. */
const PLUGINS = [
  ['emqx_eviction_agent', 'EMQ X Eviction Agent'],
  ['emqx_node_rebalance', 'EMQ X Node Rebalance'],
  ['emqx_rule_engine', 'EMQ X Rule Engine'],
  ['emqx_retainer', 'EMQ X Retainer'],
  ['emqx_modules', 'EMQ X Modules'],
  ['emqx_schema_registry', 'EMQ X Schema Registry'],
  ['emqx_management', 'EMQ X Management'],
  ['emqx_dashboard', 'EMQ X Web Dashboard'],
  ['emqx_prometheus', 'Prometheus for EMQ X'],
] as const

const unloaded = new WeakMap<NodeCore, Set<string>>()

function pluginsOf(node: NodeCore) {
  return PLUGINS.map(([name, description]) => ({
    name,
    version: node.version.version,
    description,
    active: unloaded.get(node)?.has(name) !== true,
    type: 'feature',
  }))
}

/** Loads, reloads or unloads a plugin by name. Only its `active` mark changes: the node's functions do not depend on it. */
function change(active: boolean): Route['handle'] {
  return ({ node, params }) => {
    const [nodeName, plugin] = params.length === 2 ? params : [node.name, params[0]]
    const target = node.group.nodeNamed(nodeName!)
    if (target === undefined || !PLUGINS.some(([name]) => name === plugin)) return failed('not_found', 404)
    const off = unloaded.get(target) ?? new Set<string>()
    if (active) off.delete(plugin!)
    else off.add(plugin!)
    unloaded.set(target, off)
    return done()
  }
}

export const pluginRoutes: Route[] = [
  ...perNode('plugins', pluginsOf),
  put('/api/v4/nodes/*/plugins/*/load', change(true)),
  put('/api/v4/nodes/*/plugins/*/reload', change(true)),
  put('/api/v4/nodes/*/plugins/*/unload', change(false)),
  put('/api/v4/plugins/*/reload', change(true)),
  put('/api/v4/plugins/*/load', change(true)),
  put('/api/v4/plugins/*/unload', change(false)),
]
