import type { Member } from '../../group.ts'
import { hostFigures, humanBytes, humanUptime } from '../../metrics/host.ts'
import type { NodeCore } from '../../node-core.ts'
import { isHttp, type Listener, processesOf } from '../management-api.ts'
import { get, type Route } from '../routes.ts'
import { failed, ok, perNode } from './answer.ts'

/**
 * The listeners of EMQX 4.4's default configuration, in the order in which the API lists them: the operator makes the
 * Service's ports from this list.
 */
export const LISTENERS: readonly Listener[] = [
  { port: 1883, serves: 'tcp' },
  { port: 8081, serves: 'http', of: 'management' },
  { port: 18083, serves: 'http', of: 'dashboard' },
  { port: 8883, serves: 'ssl' },
  { port: 8083, serves: 'ws' },
  { port: 8084, serves: 'wss' },
]

/** A running node; tables are read at request time, not from the gauges (docs/contract/emqx.md#nodes-api). */
function nodeRow(node: NodeCore) {
  const host = hostFigures()
  return {
    node: node.name,
    node_status: 'Running',
    version: node.version.version,
    otp_release: '24.3.4.2/12.3.2.2',
    uptime: humanUptime(node.clock.now() - node.startedAtMs),
    connections: node.channels.size,
    load1: host.load1.toFixed(2),
    load5: host.load5.toFixed(2),
    load15: host.load15.toFixed(2),
    max_fds: 1048576,
    memory_total: humanBytes(host.memoryTotal),
    memory_used: humanBytes(host.memoryTotal - host.memoryFree),
    process_available: 2097152,
    process_used: 612 + node.channels.size,
    ...(node.version.liveInNodes && { live_connections: node.live.size }),
  }
}

/** A stopped node is listed by `name`, not `node` (docs/contract/emqx.md#nodes-api). */
function memberRow({ name, node }: Member<NodeCore>) {
  return node === undefined ? { name, node_status: 'Stopped' } : nodeRow(node)
}

function listenersOf(node: NodeCore) {
  return node.listeners.map((listener) => ({
    protocol: isHttp(listener) ? `${listener.serves}:${listener.of}` : `mqtt:${listener.serves}`,
    listen_on: `0.0.0.0:${listener.port}`,
    acceptors: 8,
    max_conns: 1024000,
    current_conns: isHttp(listener) ? 0 : processesOf(node, listener.serves),
    shutdown_count: [],
  }))
}

export const nodeRoutes: Route[] = [
  // A node that is being stopped has left for its peers, but lists itself while it still answers.
  get('/api/v4/nodes', ({ node }) =>
    ok(
      [...node.group.members.values()].map((member) =>
        member.name === node.name ? nodeRow(node) : memberRow(member),
      ),
    ),
  ),
  get('/api/v4/nodes/*', ({ node, params }) => {
    const member = node.group.members.get(params[0]!)
    return member === undefined ? failed('not_found', 404) : ok(memberRow(member))
  }),
  ...perNode('listeners', listenersOf),
]
