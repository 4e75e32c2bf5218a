import { compareVersions } from '#weir/facts/index.ts'
import type { Channel } from '../../session/channel.ts'
import { kick } from '../../session/open.ts'
import { MAX_AWAITING_RELEASE, MAX_QUEUE } from '../../session/session.ts'
import { type Answer, empty, inStretches } from '../answer.ts'
import { type Call, del, get, type Route } from '../routes.ts'
import { badRequest, refused, schemaError } from './answer.ts'

/** What a listing gives when a request names no limit. */
const DEFAULT_LIMIT = 100

/** emqx_dashboard_swagger.erl, MAX_ROW_LIMIT: up to 5.4 a thousand. */
const mostOf = (version: string): number => ((compareVersions(version, '5.5.0') ?? 0) < 0 ? 1000 : 10_000)

/**
 * All channels of the nodes in one order, that a filter leaves. `count` is of these, as recorded; a search by a part of the id has none
 * (emqx_mgmt_api.erl, counting_total_fun).
 */
async function list({ node, query }: Call): Promise<Answer> {
  const most = mostOf(node.version.version)
  const page = pageNumber(query, 'page', 1, most)
  const limit = pageNumber(query, 'limit', DEFAULT_LIMIT, most)
  if (typeof page === 'object') return page
  if (typeof limit === 'object') return limit
  const wanted = query.get('node')
  if (wanted !== null && node.group.nodeNamed(wanted) === undefined)
    return refused(500, 'NODE_DOWN', `bad rpc call <<"${wanted}">>, Reason <<"invalid node">>`)
  const nodes = node.group.running().filter(({ name }) => wanted === null || name === wanted)
  const state = query.get('conn_state')
  if (state !== null && !STATES.has(state))
    return badRequest(schemaError(state, 'unable_to_convert_to_enum_symbol', 'conn_state'))
  const like = query.get('like_clientid')
  const channels = nodes.flatMap((each) =>
    each.listedChannels().filter((channel) => isIn(state, channel) && channel.clientId.includes(like ?? '')),
  )
  const fields = query.get('fields')?.split(',')
  const row = fields === undefined ? clientRow : (channel: Channel) => chosen(clientRow(channel), fields)
  const rows = await inStretches(node.clock, channels.slice((page - 1) * limit, page * limit), row)
  const count = like === null ? { count: channels.length } : {}
  const meta = { ...count, hasnext: page * limit < channels.length, limit, page }
  return {
    status: 200,
    body: `{"data":[${rows}],"meta":${JSON.stringify(meta)}}`,
    contentType: 'application/json',
  }
}

function chosen(row: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)))
}

/** What `conn_state` may be; nothing is ever idle when it is listed. */
const STATES: ReadonlySet<string> = new Set(['connected', 'disconnected', 'idle'])

const isIn = (state: string | null, { connection }: Channel): boolean =>
  state === null || state === (connection === undefined ? 'disconnected' : 'connected')

function pageNumber(
  query: URLSearchParams,
  name: 'page' | 'limit',
  fallback: number,
  most: number,
): number | Answer {
  const text = query.get(name)
  if (text === null) return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value > 0 && (name === 'page' || value <= most)) return value
  // A number is printed as one, as 5.8.9 does.
  const given = Number.isInteger(value) ? value : text
  return badRequest(schemaError(given, { expected: name === 'page' ? 'pos_integer()' : `1..${most}` }, name))
}

const nobody = (): Answer => refused(404, 'CLIENTID_NOT_FOUND', 'Client ID not found')

export const clientRoutes: Route[] = [
  get('/api/v5/clients', list),
  get('/api/v5/clients/*', ({ node, params }) => {
    const channel = node.group.registry.get(params[0]!)
    return channel === undefined ? nobody() : { status: 200, body: clientRow(channel) }
  }),
  del('/api/v5/clients/*', ({ node, params }) => {
    const channel = node.group.registry.get(params[0]!)
    if (channel === undefined) return nobody()
    kick(channel)
    return empty(204)
  }),
]

/**
 * A client as 5.8 lists it (recorded). A session that was parked here by an evacuation has no process
 * under a listener, so what such a process knows is missing. Figures of Erlang processes are constants, and what the
 * emulation never drops is 0.
 */
function clientRow(channel: Channel) {
  const { session, traffic } = channel
  return {
    ...sessionRow(channel),
    ...(channel.disconnectedAtMs !== undefined && { disconnected_at: rfc3339(channel.disconnectedAtMs) }),
    recv_pkt: channel.parked ? 0 : traffic.receivedPackets,
    send_pkt: channel.parked ? 0 : traffic.sentPackets,
    ...messages('recv_msg', channel.parked ? [0, 0, 0] : traffic.receivedMessages),
    'recv_msg.dropped': 0,
    'recv_msg.dropped.await_pubrel_timeout': 0,
    ...messages('send_msg', channel.parked ? [0, 0, 0] : traffic.sentMessages),
    'send_msg.dropped': session.dropped,
    'send_msg.dropped.expired': 0,
    'send_msg.dropped.queue_full': session.dropped,
    'send_msg.dropped.too_large': 0,
    mqueue_dropped: session.dropped,
    mqueue_len: session.queueLength,
    inflight_cnt: session.inFlightCount,
    subscriptions_cnt: session.subscriptionCount,
    awaiting_rel_cnt: session.awaitingRelease?.size ?? 0,
    ...(!channel.parked && processRow(channel)),
  }
}

function sessionRow(channel: Channel) {
  return {
    node: channel.node.name,
    clientid: channel.clientId,
    username: channel.username,
    connected: channel.connection !== undefined,
    clean_start: channel.cleanStart,
    is_persistent: channel.expirySeconds > 0,
    is_expired: false,
    is_bridge: false,
    durable: false,
    expiry_interval: Number.isFinite(channel.expirySeconds) ? channel.expirySeconds : 0xffffffff,
    keepalive: channel.keepAliveSeconds,
    ip_address: channel.address,
    port: channel.port,
    connected_at: rfc3339(channel.connectedAtMs),
    created_at: rfc3339(channel.createdAtMs),
    mountpoint: null,
    mqueue_max: MAX_QUEUE,
    inflight_max: channel.receiveMaximum,
    awaiting_rel_max: MAX_AWAITING_RELEASE,
    subscriptions_max: 'infinity',
  }
}

function processRow({ protocolName, protocol, listener, traffic }: Channel) {
  return {
    proto_name: protocolName,
    proto_ver: protocol,
    listener: `${listener}:default`,
    enable_authn: true,
    auth_expire_at: null,
    client_attrs: {},
    peersni: null,
    recv_cnt: traffic.receivedPackets,
    recv_oct: traffic.receivedBytes,
    send_cnt: traffic.sentPackets,
    send_oct: traffic.sentBytes,
    heap_size: 987,
    mailbox_len: 0,
    reductions: 4559,
  }
}

function messages(name: string, [qos0, qos1, qos2]: readonly [number, number, number]) {
  return {
    [name]: qos0 + qos1 + qos2,
    [`${name}.qos0`]: qos0,
    [`${name}.qos1`]: qos1,
    [`${name}.qos2`]: qos2,
  }
}

/** "2026-11-22T03:17:38.188+00:00" */
function rfc3339(unixMs: number): string {
  return new Date(unixMs).toISOString().replace('Z', '+00:00')
}
