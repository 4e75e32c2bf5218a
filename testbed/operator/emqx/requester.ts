import { headlessName } from '../names.ts'
import type { Pass } from '../pass.ts'
import { isNotFound, wrap } from '../runtime/errors.ts'
import { afterPortForward } from '../settle.ts'
import { credentials } from './credentials.ts'
import type { Answer } from './pod-http.ts'
import { headlessTargets, portForwardTarget } from './target.ts'

const IDLE_CONNECTION_MS = 30_000

/** Asks EMQX's API of whichever pod the release line asks. */
export type Requester = (pass: Pass, method: string, path: string, body?: unknown) => Promise<Answer>

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
  const user = await credentials(pass.env.kube, pass.cr)
  const answer = await pass.env.http.send(pod.status?.podIP ?? '', method, path, { ...user, body })
  await afterPortForward(pass)
  const shortPath = path.slice(1)
  if (answer.status !== 200) throw new Error(`failed to request API: ${shortPath}, status: ${answer.status}`)
  const code = codeOf(answer.body)
  if (code !== 0)
    throw new Error(`failed to request API: ${shortPath}, code: ${code}, message: ${answer.body}`)
  return answer
}

/**
 * 2.2.x: the name of the headless Service. The HTTP client keeps its connection, so it stays with one pod until that
 * one is gone; a kept connection that turns out dead is replaced once, silently, for questions.
 */
function byHeadlessService(): Requester {
  const kept = new Map<string, { ip: string; usedMs: number }>()

  async function pick(pass: Pass, url: string): Promise<string> {
    const addresses = await headlessTargets(pass).catch((error: unknown) => {
      if (isNotFound(error)) return []
      throw error
    })
    const ip = addresses[Math.floor(pass.env.random() * addresses.length)]
    const host = new URL(url).hostname
    if (ip === undefined) throw new Error(`dial tcp: lookup ${host} on 10.96.0.10:53: no such host`)
    return ip
  }

  return async (pass, method, path, body) => {
    const { name, namespace, uid = '' } = pass.cr.metadata
    const domain = pass.cr.spec.clusterDomain ?? 'cluster.local'
    const url = `http://${headlessName(name)}.${namespace}.svc.${domain}:8081${path}`
    const user = await credentials(pass.env.kube, pass.cr)
    const send = async (ip: string) => {
      const answer = await pass.env.http.send(ip, method, path, { ...user, body })
      kept.set(uid, { ip, usedMs: pass.env.clock.now() })
      return answer
    }
    const old = kept.get(uid)
    kept.delete(uid)
    try {
      if (old !== undefined && pass.env.clock.now() - old.usedMs < IDLE_CONNECTION_MS)
        try {
          return await send(old.ip)
        } catch (error) {
          if (method !== 'GET') throw error
        }
      return await send(await pick(pass, url))
    } catch (error) {
      const verb = `${method[0]}${method.slice(1).toLowerCase()}`
      throw wrap(wrap(error, `${verb} "${url}"`), 'failed to request API')
    }
  }
}

export const createRequester = (target: 'port-forward' | 'headless'): Requester =>
  target === 'port-forward' ? byPortForward : byHeadlessService()
