import type { ServicePort } from '#weir/cluster/kubernetes/kinds.ts'
import { omitEmpty } from '#weir/cluster/kubernetes/kinds.ts'
import { type EvacuationStatus, withoutZeroGoals } from '../../evacuation.ts'
import { wrap } from '../../runtime/errors.ts'
import type { Pass, Requester } from '../pass.ts'
import type { EmqxNode } from '../types.ts'

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
    ({ node, name = '', node_status, otp_release, version, connections }) =>
      omitEmpty({ node: node ?? name, node_status, otp_release, version, connections }),
  )
}

export async function getEvacuations(request: Requester, pass: Pass): Promise<EvacuationStatus[]> {
  const { body } = await request(pass, 'GET', '/api/v4/load_rebalance/global_status')
  return withoutZeroGoals(parse<EvacuationStatus[]>(body, 'evacuations'))
}

/** The evacuation has ended, and the node has no connections and no sessions. */
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
