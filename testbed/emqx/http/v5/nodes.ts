import type { Member } from '../../group.ts'
import { hostFigures, humanBytes } from '../../metrics/host.ts'
import type { NodeCore } from '../../node-core.ts'
import { bare, empty } from '../answer.ts'
import { del, get, type Route } from '../routes.ts'
import { notFound } from './answer.ts'

/** A running node; tables are read at request time, not from the gauges (docs/contract/emqx.md#nodes-api). */
function nodeRow(node: NodeCore) {
  const host = hostFigures()
  return {
    cluster_sessions: node.group.registry.size,
    connections: node.channels.size,
    edition: 'Enterprise',
    live_connections: node.live.size,
    load1: round(host.load1),
    load15: round(host.load15),
    load5: round(host.load5),
    log_path: 'log.file.enable is false, not logging to file.',
    max_fds: 1048576,
    memory_total: humanBytes(host.memoryTotal),
    memory_used: humanBytes(host.memoryTotal - host.memoryFree),
    node: node.name,
    node_status: 'running',
    otp_release: '26.2.5.2/14.2.5.2',
    process_available: 2097152,
    process_used: 424 + node.channels.size,
    role: node.role,
    sys_path: '/opt/emqx',
    uptime: Math.round(node.clock.now() - node.startedAtMs),
    version: node.version.version,
  }
}

function round(load: number): number {
  return Math.round(load * 100) / 100
}

/** A core that has stopped stays listed; a replicant does not (docs/contract/emqx.md#nodes-api). */
function memberRow({ name, role, node }: Member<NodeCore>) {
  return node === undefined ? { node: name, node_status: 'stopped', role } : nodeRow(node)
}

export const nodeRoutes: Route[] = [
  // A node that is being stopped has left for its peers, but lists itself while it still answers.
  get('/api/v5/nodes', ({ node }) =>
    bare(
      [...node.group.members.values()].map((member) =>
        member.name === node.name ? nodeRow(node) : memberRow(member),
      ),
    ),
  ),
  // 404 also for one that is listed as stopped: the operator reads it so.
  get('/api/v5/nodes/*', ({ node, params }) => {
    const member = params[0] === node.name ? node : node.group.nodeNamed(params[0]!)
    return member === undefined ? notFound(`Node not found: ${params[0]}`) : bare(nodeRow(member))
  }),
  // Takes a member off the list; one that runs would join again.
  del('/api/v5/cluster/*/force_leave', ({ node, params }) => {
    const member = node.group.members.get(params[0]!)
    if (member === undefined) return notFound(`Node not found: ${params[0]}`)
    if (member.node === undefined) node.group.members.delete(member.name)
    return empty(204)
  }),
  get('/api/v5/cluster', ({ node }) =>
    bare({ name: 'emqxcl', nodes: node.group.running().map(({ name }) => name), self: node.name }),
  ),
]
