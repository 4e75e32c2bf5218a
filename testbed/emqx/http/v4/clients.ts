import type { NodeCore } from '../../node-core.ts'
import type { Channel } from '../../session/channel.ts'
import { kick } from '../../session/kick.ts'
import { bare } from '../answer.ts'
import type { Call, Route } from '../routes.ts'
import { failed, ok } from './answer.ts'
import { clientPage, clientRow, readPage } from './rows.ts'

function* channelsOf(node: NodeCore): Generator<Channel> {
  for (const channel of node.channels.values()) if (!channel.dead) yield channel
  yield* node.hooks.listedBeside(node)
}

async function list(call: Call, nodes: NodeCore[]) {
  const page = readPage(call.query)
  if (page === undefined) return failed('invalid _page or _limit value')
  const channels = nodes.flatMap((node) => [...channelsOf(node)])
  return {
    status: 200,
    body: await clientPage(call.node.clock, channels, page),
    contentType: 'application/json',
  }
}

export const clientRoutes: Route[] = [
  { method: 'GET', path: '/api/v4/clients', handle: (call) => list(call, call.node.group.running()) },
  {
    method: 'GET',
    path: '/api/v4/nodes/*/clients',
    handle(call) {
      const node = call.node.group.nodeNamed(call.params[0]!)
      return node === undefined ? failed('not_found', 404) : list(call, [node])
    },
  },
  {
    method: 'GET',
    path: '/api/v4/clients/*',
    handle({ node, params }) {
      const channel = node.group.registry.get(params[0]!)
      return ok(channel === undefined ? [] : [clientRow(channel)])
    },
  },
  {
    method: 'GET',
    path: '/api/v4/nodes/*/clients/*',
    handle({ node, params }) {
      const channel = node.group.nodeNamed(params[0]!)?.channels.get(params[1]!)
      return ok(channel === undefined || channel.dead ? [] : [clientRow(channel)])
    },
  },
  {
    method: 'DELETE',
    path: '/api/v4/clients/*',
    handle({ node, params }) {
      const channel = node.group.registry.get(params[0]!)
      if (channel === undefined) return failed('not_found', 112)
      kick(channel)
      return bare({ code: 0 })
    },
  },
]
