import { Agent, request } from 'node:http'

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
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 10, timeout: 0, keepAliveMsecs: 30_000 })
  const closing = new AbortController()

  return {
    send: (ip, method, path, { port, user, password, body, accept }) =>
      new Promise<Answer>((resolve, reject) => {
        const isText = typeof body === 'string'
        const payload = body === undefined || isText ? body : JSON.stringify(body)
        const headers: Record<string, string | number> = {
          'content-type': isText ? 'text/plain' : 'application/json',
          accept: accept ?? 'application/json',
          ...(payload !== undefined && { 'content-length': Buffer.byteLength(payload) }),
        }
        const sent = request({
          host: ip,
          port,
          method,
          path: encodeURI(path),
          auth: `${user}:${password}`,
          headers,
          agent,
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
    },
  }
}
