import { unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { sleep } from '../../../runtime/clock.ts'
import { labelled } from '../../apply.ts'
import { podNotReady, setNotReady, wrap } from '../../runtime/errors.ts'
import { ownCredentials } from '../../runtime/pod-http.ts'
import { API_PORT, API_USER, bootstrapUserName, headlessName } from '../names.ts'
import type { Pass, Requester } from '../pass.ts'
import { inClusterSets, listSets, podsBySet, podsOf } from '../sets.ts'
import { afterPortForward } from '../settle.ts'

const IDLE_CONNECTION_MS = 30_000

/** The code in EMQX 4's envelope; answers without one have none. */
function codeOf(body: string): number {
  try {
    const { code } = JSON.parse(body) as { code?: number }
    return code ?? 0
  } catch {
    return 0
  }
}

/** 2.1.x: each request opens a port-forward of its own, and anything but 200 and code 0 is an error. */
const byPortForward: Requester = async (pass, method, path, body) => {
  const pod = await portForwardTarget(pass, path)
  const user = await credentials(pass)
  await sleep(pass.env.clock, pass.env.line.portForwardMs)
  const answer = await pass.env.http.send(pod.status?.podIP ?? '', method, path, {
    port: API_PORT,
    ...user,
    body,
  })
  await afterPortForward(pass)
  const shortPath = path.slice(1)
  if (answer.status !== 200) throw new Error(`failed to request API: ${shortPath}, status: ${answer.status}`)
  const code = codeOf(answer.body)
  if (code !== 0)
    throw new Error(`failed to request API: ${shortPath}, code: ${code}, message: ${answer.body}`)
  return answer
}

/** Go's words for the one network error that is common here. */
function dialError(error: unknown, ip: string): unknown {
  const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'
  return refused ? new Error(`dial tcp ${ip}:8081: connect: connection refused`, { cause: error }) : error
}

/**
 * 2.2.x: the name of the headless Service. The HTTP client keeps its connection, so it stays with one pod until that
 * one goes; then the next is any other that takes a connection.
 */
function byHeadlessService(): Requester {
  const kept = new Map<string, { ip: string; usedMs: number }>()

  async function addresses(pass: Pass, host: string): Promise<string[]> {
    const all = (await unlessGone(headlessTargets(pass))) ?? []
    if (all.length === 0) throw new Error(`dial tcp: lookup ${host} on 10.96.0.10:53: no such host`)
    const first = Math.floor(pass.env.random() * all.length)
    const rotated = [...all.slice(first), ...all.slice(0, first)]
    const old = kept.get(pass.cr.metadata.uid ?? '')
    if (old === undefined || !all.includes(old.ip) || pass.env.clock.now() - old.usedMs >= IDLE_CONNECTION_MS)
      return rotated
    return [old.ip, ...rotated.filter((ip) => ip !== old.ip)]
  }

  return async (pass, method, path, body) => {
    const { name, namespace, uid = '' } = pass.cr.metadata
    const host = `${headlessName(name)}.${namespace}.svc.${pass.cr.spec.clusterDomain ?? 'cluster.local'}`
    try {
      let first: unknown
      for (const ip of await addresses(pass, host))
        try {
          const user = await credentials(pass)
          const answer = await pass.env.http.send(ip, method, path, { port: API_PORT, ...user, body })
          kept.set(uid, { ip, usedMs: pass.env.clock.now() })
          return answer
        } catch (error) {
          first ??= dialError(error, ip)
          // A GET may be repeated; anything else only if it was never received.
          if (method !== 'GET' && (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') break
        }
      throw first
    } catch (error) {
      kept.delete(uid)
      const verb = `${method[0]}${method.slice(1).toLowerCase()}`
      throw wrap(wrap(error, `${verb} "http://${host}:8081${path}"`), 'failed to request API')
    }
  }
}

export const createRequester = (target: 'port-forward' | 'headless'): Requester =>
  target === 'port-forward' ? byPortForward : byHeadlessService()

const emqxIsReady = (pod: Pod) =>
  pod.status?.containerStatuses?.some((container) => container.name === 'emqx' && container.ready) === true

/**
 * The target of a port-forward: the first pod with a ready emqx container of the smallest, then oldest, set in the
 * cluster. Before the first answer no set is known to be in the cluster; then any will do, for the members only.
 * A set that was created a moment ago is not yet in the operator's cache.
 */
async function portForwardTarget(pass: Pass, path: string): Promise<Pod> {
  const any = path === '/api/v4/nodes' && pass.cr.status?.emqxNodes === undefined
  const sets = (any ? await listSets(pass) : (await inClusterSets(pass)).sets).filter(
    (set) => set.metadata.uid !== pass.created?.metadata.uid,
  )
  const set = sets.at(-1)
  if (set === undefined) throw setNotReady()
  const pods = podsOf(await podsBySet(pass, [set]), set)
  const pod = pods.find(emqxIsReady)
  if (pod === undefined) throw podNotReady()
  return pod
}

/**
 * The pods behind the headless Service, which publishes pods that are not ready too. A pod that is being stopped is left out:
 * EMQX closes the connections of its API first.
 */
async function headlessTargets(pass: Pass): Promise<string[]> {
  const { namespace, name, labels } = pass.cr.metadata
  await pass.env.kube.get(resources.services, namespace, headlessName(name))
  const items = await labelled<Pod>(pass, resources.pods, labels)
  return items.flatMap(({ metadata, status }) =>
    status?.podIP && status.phase !== 'Succeeded' && status.phase !== 'Failed' && !metadata.deletionTimestamp
      ? [status.podIP]
      : [],
  )
}

/** The operator's own user of EMQX's API. */
export const credentials = ({ env, cr }: Pass) => {
  const { namespace, name } = cr.metadata
  return ownCredentials(env.kube, namespace, bootstrapUserName(name), 'bootstrap_user', API_USER)
}
