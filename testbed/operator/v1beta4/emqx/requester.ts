import { isNotFound } from '#weir/cluster/kubernetes/api-errors.ts'
import { sleep } from '../../../runtime/clock.ts'
import { wrap } from '../../runtime/errors.ts'
import { API_PORT, headlessName } from '../names.ts'
import type { Pass, Requester } from '../pass.ts'
import { afterPortForward } from '../settle.ts'
import { credentials, headlessTargets, portForwardTarget } from './target.ts'

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
    const all = await headlessTargets(pass).catch((error: unknown): string[] => {
      if (isNotFound(error)) return []
      throw error
    })
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
