import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import type { Secret } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { wrapping } from './errors.ts'

export interface Answer {
  status: number
  body: string
}

/** HTTP to a pod's own address. Rejects with the network's error. */
export interface PodHttp {
  send(ip: string, method: string, path: string, options: SendOptions): Promise<Answer>
  close(): void
}

export interface SendOptions {
  port: number
  /** By TLS; whose certificate it is does not matter, as to the real one. */
  isSecure?: boolean
  user: string
  password: string
  /** Sent as JSON; a string is sent as text. */
  body?: unknown
  /** Default JSON. */
  accept?: 'text/plain'
}

/**
 * At most ten idle connections are kept, for 30 s. Requests have no time limit: one that is never answered blocks the operator
 * until TCP gives up, as in the real one. close() ends whatever is under way.
 */
export function createPodHttp(): PodHttp {
  const kept = { keepAlive: true, maxFreeSockets: 10, timeout: 0, keepAliveMsecs: 30_000 }
  const agent = new Agent(kept)
  const secureAgent = new SecureAgent({ ...kept, rejectUnauthorized: false })
  const closing = new AbortController()

  return {
    send: (ip, method, path, { port, isSecure = false, user, password, body, accept }) =>
      new Promise<Answer>((resolve, reject) => {
        const isText = typeof body === 'string'
        const payload = body === undefined || isText ? body : JSON.stringify(body)
        const headers: Record<string, string | number> = {
          'content-type': isText ? 'text/plain' : 'application/json',
          accept: accept ?? 'application/json',
          ...(payload !== undefined && { 'content-length': Buffer.byteLength(payload) }),
        }
        const send = isSecure ? secureRequest : request
        const sent = send({
          host: ip,
          port,
          method,
          path: encodeURI(path),
          auth: `${user}:${password}`,
          headers,
          agent: isSecure ? secureAgent : agent,
          signal: closing.signal,
        })
        sent.on('error', reject)
        sent.on('response', (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          )
        })
        sent.end(payload)
      }),
    close() {
      closing.abort()
      agent.destroy()
      secureAgent.destroy()
    },
  }
}

/**
 * The operator's own user of EMQX's API (docs/contract/operator.md#emqx-api-user): a line of a Secret that it made. Throws an
 * error whose cause is the API server's when there is no such Secret.
 */
export async function ownCredentials(
  kube: KubeApi,
  namespace: string | undefined,
  secretName: string,
  key: 'bootstrap_user' | 'bootstrap_api_key',
  user: string,
): Promise<{ user: string; password: string }> {
  const secret = await wrapping(
    'get secret failed',
    kube.get<Secret>(resources.secrets, namespace, secretName),
  )
  const lines = Buffer.from(secret.data?.[key] ?? '', 'base64')
    .toString()
    .split('\n')
  const own = lines.find((line) => line.startsWith(`${user}:`))
  if (own === undefined) throw new Error(`the secret does not contain the ${key}`)
  return { user, password: own.slice(user.length + 1) }
}
