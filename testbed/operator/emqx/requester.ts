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
 * one goes; then the next is any other.
 */
function byHeadlessService(): Requester {
  const kept = new Map<string, { ip: string; usedMs: number }>()

  async function choose(pass: Pass, host: string): Promise<string> {
    const uid = pass.cr.metadata.uid ?? ''
    const addresses = await headlessTargets(pass).catch((error: unknown): string[] => {
      if (isNotFound(error)) return []
      throw error
    })
    const nowMs = pass.env.clock.now()
    const old = kept.get(uid)
    const reusable =
      old !== undefined && nowMs - old.usedMs < IDLE_CONNECTION_MS && addresses.includes(old.ip)
    const ip = reusable ? old.ip : addresses[Math.floor(pass.env.random() * addresses.length)]
    if (ip === undefined) throw new Error(`dial tcp: lookup ${host} on 10.96.0.10:53: no such host`)
    kept.set(uid, { ip, usedMs: nowMs })
    return ip
  }

  return async (pass, method, path, body) => {
    const { name, namespace, uid = '' } = pass.cr.metadata
    const host = `${headlessName(name)}.${namespace}.svc.${pass.cr.spec.clusterDomain ?? 'cluster.local'}`
    const user = await credentials(pass.env.kube, pass.cr)
    try {
      return await pass.env.http.send(await choose(pass, host), method, path, { ...user, body })
    } catch (error) {
      kept.delete(uid)
      const verb = `${method[0]}${method.slice(1).toLowerCase()}`
      throw wrap(wrap(error, `${verb} "http://${host}:8081${path}"`), 'failed to request API')
    }
  }
}

export const createRequester = (target: 'port-forward' | 'headless'): Requester =>
  target === 'port-forward' ? byPortForward : byHeadlessService()
