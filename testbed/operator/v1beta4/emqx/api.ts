import type { ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { wrap } from '../../runtime/errors.ts'
import type { Pass, Requester } from '../pass.ts'
import type { EmqxNode, EvacuationStatus } from '../types.ts'

function parse<T>(body: string, field: string): T {
  try {
    const value = (JSON.parse(body) as Record<string, T | undefined>)[field]
    if (value === undefined) throw new Error('unexpected end of JSON input')
    return value
  } catch (error) {
    throw wrap(error, 'failed to unmarshal node statuses')
  }
}

/** EMQX 4.4 lists a stopped node by `name`; nodes of the recordings by `node` in every state. */
interface NodeRow extends Omit<EmqxNode, 'node'> {
  node?: string
  name?: string
}

/** The members, as EMQX itself lists them. A count of zero is left out, as in the operator's own type. */
export async function getNodes(request: Requester, pass: Pass): Promise<EmqxNode[]> {
  const { body } = await request(pass, 'GET', '/api/v4/nodes')
  return parse<NodeRow[]>(body, 'data').map(
    ({ node, name, node_status, otp_release, version, connections }) => ({
      node: node ?? name ?? '',
      node_status,
      ...(otp_release && { otp_release }),
      ...(version && { version }),
      ...(connections && { connections }),
    }),
  )
}

export async function getEvacuations(request: Requester, pass: Pass): Promise<EvacuationStatus[]> {
  const { body } = await request(pass, 'GET', '/api/v4/load_rebalance/global_status')
  return parse<EvacuationStatus[]>(body, 'evacuations').map((evacuation) => {
    const { session_goal, connection_goal, ...rest } = evacuation
    return { ...rest, ...(session_goal && { session_goal }), ...(connection_goal && { connection_goal }) }
  })
}

/** Nobody and nothing is left on the node. */
export const isFinished = ({ state, stats }: EvacuationStatus): boolean =>
  state === 'prohibiting' && stats?.current_connected === 0 && stats.current_sessions === 0

interface Listener {
  protocol: string
  listen_on: string | number
}

/** Ports of the listeners that the last two nodes of the answer share: not, as was meant, that all nodes share. */
export async function getListenerPorts(request: Requester, pass: Pass): Promise<ServicePort[]> {
  const { body } = await request(pass, 'GET', '/api/v4/listeners')
  const nodes = parse<{ listeners: Listener[] }[]>(body, 'data')
  const last = nodes.at(-1)?.listeners ?? []
  const before = nodes.at(-2)?.listeners
  const shared =
    before === undefined
      ? last
      : last.filter((one) => before.some((other) => other.listen_on === one.listen_on))
  return shared.map(({ protocol, listen_on }) => {
    const port = Number(String(listen_on).split(':').at(-1))
    const name = `${protocol.replace(/:\d+/g, '').replaceAll(':', '-')}-${port}`
    return { name, protocol: /udp|dtls|sn/.test(protocol) ? 'UDP' : 'TCP', port, targetPort: port }
  })
}

export interface EvacuationRequest {
  connEvictRate: number
  sessEvictRate: number
  migrateTo: string[]
  /** 0 is left out, and then EMQX waits for its own default of 60 s. */
  waitTakeoverSeconds: number
}

export async function startEvacuation(
  request: Requester,
  pass: Pass,
  node: string,
  { connEvictRate, sessEvictRate, migrateTo, waitTakeoverSeconds }: EvacuationRequest,
): Promise<void> {
  await request(pass, 'POST', `/api/v4/load_rebalance/${node}/evacuation/start`, {
    conn_evict_rate: connEvictRate,
    migrate_to: migrateTo,
    sess_evict_rate: sessEvictRate,
    ...(waitTakeoverSeconds > 0 && { wait_takeover: waitTakeoverSeconds }),
  })
}
