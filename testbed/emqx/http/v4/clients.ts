import type { Clock } from '../../../runtime/clock.ts'
import type { NodeCore } from '../../node-core.ts'
import type { Channel } from '../../session/channel.ts'
import { kick } from '../../session/open.ts'
import { bare, inStretches } from '../answer.ts'
import { type Call, del, get, type Route } from '../routes.ts'
import { failed, ok } from './answer.ts'

async function list(call: Call, nodes: NodeCore[]) {
  const page = readPage(call.query)
  if (page === undefined) return failed('invalid _page or _limit value')
  const like = call.query.get('_like_clientid')
  const channels = nodes
    .flatMap((node) => node.listedChannels())
    .filter(({ clientId }) => like === null || clientId.includes(like))
  // 4.4 counts only what it lists without a condition (emqx_mgmt_api.erl, node_query).
  const count = like === null ? channels.length : -1
  return {
    status: 200,
    body: await clientPage(call.node.clock, channels, { ...page, count }),
    contentType: 'application/json',
  }
}

export const clientRoutes: Route[] = [
  get('/api/v4/clients', (call) => list(call, call.node.group.running())),
  get('/api/v4/nodes/*/clients', (call) => {
    const node = call.node.group.nodeNamed(call.params[0]!)
    return node === undefined ? failed('not_found', 404) : list(call, [node])
  }),
  get('/api/v4/clients/*', ({ node, params }) => {
    const channel = node.group.registry.get(params[0]!)
    return ok(channel === undefined ? [] : [clientRow(channel)])
  }),
  get('/api/v4/nodes/*/clients/*', ({ node, params }) => {
    const channel = node.group.nodeNamed(params[0]!)?.channels.get(params[1]!)
    return ok(channel === undefined || channel.dead ? [] : [clientRow(channel)])
  }),
  del('/api/v4/clients/*', ({ node, params }) => {
    const channel = node.group.registry.get(params[0]!)
    if (channel === undefined) return failed('not_found', 112)
    kick(channel)
    return bare({ code: 0 })
  }),
]

/** `max_row_limit` of 4.4, the limit when a request names none. */
const DEFAULT_LIMIT = 10_000

/** A client as 4.4 lists it; fields and order of the documentation. */
export function clientRow(channel: Channel) {
  return {
    node: channel.node.name,
    clientid: channel.clientId,
    username: channel.username,
    connected: channel.connection !== undefined,
    clean_start: channel.cleanStart,
    expiry_interval: Number.isFinite(channel.expirySeconds) ? channel.expirySeconds : 0xffffffff,
    proto_name: channel.protocolName,
    proto_ver: channel.protocol,
    keepalive: channel.keepAliveSeconds,
    ip_address: channel.address,
    port: channel.port,
    connected_at: localTime(channel.connectedAtMs),
    created_at: localTime(channel.createdAtMs),
    mqueue_len: channel.session.queueLength,
    inflight: channel.session.inFlightCount,
    subscriptions_cnt: channel.session.subscriptionCount,
    zone: 'external',
  }
}

/** "2023-01-05 10:05:22", UTC. */
function localTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

interface Page {
  page: number
  limit: number
}

function readPage(query: URLSearchParams): Page | undefined {
  const page = Number(query.get('_page') ?? 1)
  const limit = Number(query.get('_limit') ?? DEFAULT_LIMIT)
  return Number.isInteger(page) && Number.isInteger(limit) && page > 0 && limit > 0
    ? { page, limit }
    : undefined
}

/** One page of channels in 4.4's envelope. */
async function clientPage(
  clock: Clock,
  channels: Channel[],
  { page, limit, count }: Page & { count: number },
): Promise<string> {
  const wanted = channels.slice((page - 1) * limit, page * limit)
  const rows = await inStretches(clock, wanted, clientRow)
  const meta = { page, limit, hasnext: page * limit < channels.length, count }
  return `{"code":0,"meta":${JSON.stringify(meta)},"data":[${rows}]}`
}
