import type { Channel } from '../../session/channel.ts'
import { kick } from '../../session/open.ts'
import { type Answer, empty, inStretches } from '../answer.ts'
import { type Call, del, get, type Route } from '../routes.ts'
import { badRequest, refused, schemaError } from './answer.ts'
import { clientRow } from './rows.ts'

/** What a listing gives when a request names no limit, and the most it gives. */
const DEFAULT_LIMIT = 100
const MAX_LIMIT = 10_000

/**
 * All channels of the nodes in one order, that a filter leaves. `count` is of these, as recorded; a search by a part of the id has none
 * (emqx_mgmt_api.erl, counting_total_fun).
 */
async function list({ node, query }: Call): Promise<Answer> {
  const page = pageNumber(query, 'page', 1)
  const limit = pageNumber(query, 'limit', DEFAULT_LIMIT)
  if (typeof page === 'object') return page
  if (typeof limit === 'object') return limit
  const wanted = query.get('node')
  const nodes = node.group.running().filter(({ name }) => wanted === null || name === wanted)
  const state = query.get('conn_state')
  const like = query.get('like_clientid')
  const channels = nodes.flatMap((each) =>
    each.listedChannels().filter((channel) => isIn(state, channel) && channel.clientId.includes(like ?? '')),
  )
  const rows = await inStretches(node.clock, channels.slice((page - 1) * limit, page * limit), clientRow)
  const count = like === null ? { count: channels.length } : {}
  const meta = { ...count, hasnext: page * limit < channels.length, limit, page }
  return {
    status: 200,
    body: `{"data":[${rows}],"meta":${JSON.stringify(meta)}}`,
    contentType: 'application/json',
  }
}

function isIn(state: string | null, { connection }: Channel): boolean {
  if (state === 'connected') return connection !== undefined
  return state !== 'disconnected' || connection === undefined
}

function pageNumber(query: URLSearchParams, name: 'page' | 'limit', fallback: number): number | Answer {
  const text = query.get(name)
  if (text === null) return fallback
  const value = Number(text)
  if (Number.isInteger(value) && value > 0 && (name === 'page' || value <= MAX_LIMIT)) return value
  return badRequest(schemaError(text, { expected: name === 'page' ? 'pos_integer()' : '1..10000' }, name))
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
