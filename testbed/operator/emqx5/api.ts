import { isTrue, omitEmpty, type Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { HoconObject } from '#weir/facts/hocon.ts'
import { labelled } from '../apply.ts'
import { type EvacuationStatus, withoutZeroGoals } from '../evacuation.ts'
import { type Answer, ownCredentials } from '../runtime/pod-http.ts'
import type { OperatorEnvironment } from '../runtime/reconciler.ts'
import { dashboardPorts } from './config.ts'
import { API_USER, apiKeyName, roleLabels } from './names.ts'
import type { Emqx5, EmqxNode } from './types.ts'

/** Sends requests to EMQX's API on one pod. */
export interface Requester {
  send(method: string, path: string, options?: { body?: unknown; accept?: 'text/plain' }): Promise<Answer>
  /** The same for another pod. */
  of(ip: string): Requester
}

function expectOk(path: string, { status, body }: Answer): string {
  if (status !== 200) throw new Error(`failed to get API ${path}, status : ${status}, body: ${body}`)
  return body
}

/** A member as EMQX lists it; `uptime` is read for the order of the list only. */
export interface ListedNode extends EmqxNode {
  uptime?: number
}

/** Fields that the operator's own type has. */
function known(listed: ListedNode): ListedNode {
  const { node, node_status, otp_release, version, role, edition } = listed
  const { connections, live_connections, uptime } = listed
  const figures = { connections, live_connections, uptime }
  return omitEmpty({ node, node_status, otp_release, version, role, edition, ...figures })
}

export async function getNodes(requester: Requester): Promise<ListedNode[]> {
  const path = '/api/v5/nodes'
  return (JSON.parse(expectOk(path, await requester.send('GET', path))) as ListedNode[]).map(known)
}

/** One member; one that EMQX does not know counts as stopped. */
export async function getNode(requester: Requester, name: string): Promise<ListedNode> {
  const path = `/api/v5/nodes/${name}`
  const answer = await requester.send('GET', path)
  if (answer.status === 404) return { node: name, node_status: 'stopped' }
  return known(JSON.parse(expectOk(path, answer)) as ListedNode)
}

export async function getEvacuations(requester: Requester): Promise<EvacuationStatus[]> {
  const path = '/api/v5/load_rebalance/global_status'
  const { evacuations } = JSON.parse(expectOk(path, await requester.send('GET', path))) as {
    evacuations: EvacuationStatus[]
  }
  return withoutZeroGoals(evacuations)
}

/** The pod's own availability check; Unknown when the request fails. */
export async function checkAvailability(requester: Requester): Promise<'True' | 'False' | 'Unknown'> {
  try {
    const { status } = await requester.send('GET', '/api/v5/load_rebalance/availability_check')
    return status === 200 ? 'True' : 'False'
  } catch {
    return 'Unknown'
  }
}

/** Starts an evacuation; that it has started already is no error. */
export async function startEvacuation(requester: Requester, node: string, request: object): Promise<void> {
  const path = `/api/v5/load_rebalance/${node}/evacuation/start`
  const { status, body } = await requester.send('POST', path, { body: request })
  if (status === 200 || (status === 400 && body.includes('already_started'))) return
  throw new Error(`failed to request API ${path}, status : ${status}, body: ${body}`)
}

export async function stopEvacuation(requester: Requester, node: string): Promise<void> {
  const path = `/api/v5/load_rebalance/${node}/evacuation/stop`
  expectOk(path, await requester.send('POST', path))
}

/** Takes a stopped member off the list. */
export async function forceLeave(requester: Requester, node: string): Promise<void> {
  const path = `/api/v5/cluster/${node}/force_leave`
  const { status, body } = await requester.send('DELETE', path)
  if (status !== 204) throw new Error(`failed to request API ${path}, status : ${status}, body: ${body}`)
}

export async function getConfigs(requester: Requester): Promise<string> {
  const path = '/api/v5/configs'
  return expectOk(path, await requester.send('GET', path, { accept: 'text/plain' }))
}

export async function putConfigs(requester: Requester, mode: string, text: string): Promise<void> {
  const path = `/api/v5/configs?mode=${mode.toLowerCase()}&ignore_readonly=true`
  const { status, body } = await requester.send('PUT', path, { body: text })
  if (status !== 200) throw new Error(`failed to put API ${path}, status : ${status}, body: ${body}`)
}

/** The oldest core, of any set, whose containers are ready and that is not being deleted; any of equally old ones. */
async function target(env: OperatorEnvironment, cr: Emqx5): Promise<Pod | undefined> {
  const items = await labelled<Pod>({ env, cr }, resources.pods, roleLabels(cr, 'core'))
  const able = items.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined && isTrue(pod, 'ContainersReady') && pod.status?.podIP,
  )
  const ages = able.map(({ metadata }) => metadata.creationTimestamp ?? '').sort()
  const oldest = able.filter(({ metadata }) => (metadata.creationTimestamp ?? '') === ages[0])
  return oldest[Math.floor(env.random() * oldest.length)]
}

/** Sends to one core with the operator's own key. Throws an error with a 404 as its cause when that does not exist yet. */
export async function requesterOf(
  env: OperatorEnvironment,
  cr: Emqx5,
  config: HoconObject,
  pod: Pod,
): Promise<Requester | undefined> {
  const { namespace, name } = cr.metadata
  const user = await ownCredentials(env.kube, namespace, apiKeyName(name), 'bootstrap_api_key', API_USER)
  // Http where there is both.
  const [dashboard] = dashboardPorts(config)
  const ip = pod.status?.podIP
  if (ip === undefined || dashboard === undefined) return undefined
  const at = { port: dashboard.port, isSecure: dashboard.name === 'dashboard-https', ...user }
  const of = (address: string): Requester => ({
    send: (method, path, options = {}) => env.http.send(address, method, path, { ...at, ...options }),
    of,
  })
  return of(ip)
}

/**
 * The requester of one pass; undefined when no core is ready. Throws an error with a 404 as its cause when the operator's key
 * does not exist yet.
 */
export async function createRequester(
  env: OperatorEnvironment,
  cr: Emqx5,
  config: HoconObject,
): Promise<Requester | undefined> {
  const { namespace, name } = cr.metadata
  await ownCredentials(env.kube, namespace, apiKeyName(name), 'bootstrap_api_key', API_USER)
  const pod = await target(env, cr)
  return pod && requesterOf(env, cr, config, pod)
}
