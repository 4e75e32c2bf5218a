import { Agent, type ClientRequestArgs, request } from 'node:http'
import type { Duplex } from 'node:stream'
import { EmqxApiError } from './api-error.ts'

export interface EmqxAnswer {
  status: number
  text: string
}

/**
 * Whether a request needs credentials: always; only if EMQX was configured to require them, e.g. for metrics; or never, to test that.
 */
export type Authentication = 'required' | 'optional' | 'none'

/** One node's HTTP listener, by a route for questions only. */
export interface EmqxQuestions {
  /** GET a path; any HTTP status of EMQX is an answer. Rejects with EmqxApiError when there was none in time. */
  get(path: string, authentication?: Authentication): Promise<EmqxAnswer>
  close(): void
}

/** The same by any route. */
export interface EmqxHttp extends EmqxQuestions {
  /** The same for a request that changes something, which is sent once. `body` is sent as JSON. */
  send(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<EmqxAnswer>
}

export interface EmqxHttpOptions {
  host: string
  port: number
  credentials?: { username: string; password: string } | undefined
  timeoutMs: number
  /** Opens connections if the address cannot be reached directly. */
  open?: () => Promise<Duplex>
}

/** Uses connections from `open`. */
class OpeningAgent extends Agent {
  readonly #open: () => Promise<Duplex>

  constructor(open: () => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: 2 })
    this.#open = open
  }

  override createConnection(
    _options: ClientRequestArgs,
    done: (error: Error | null, connection: Duplex) => void,
  ): undefined {
    this.#open().then(
      (connection) => done(null, connection),
      (error) => done(error as Error, undefined as unknown as Duplex),
    )
    return undefined
  }
}

/** HTTP over kept-alive connections to one node. */
export function emqxHttp({ host, port, credentials, timeoutMs, open }: EmqxHttpOptions): EmqxHttp {
  const agent = open
    ? new OpeningAgent(open)
    : new Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 4 })
  const basic =
    credentials &&
    `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`

  const fetch = (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    authentication: Authentication,
    { mayRetry = false, body }: { mayRetry?: boolean; body?: string | undefined } = {},
  ): Promise<EmqxAnswer> =>
    new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown) =>
        reject(new EmqxApiError(`${method} http://${host}:${port}${path}: ${why}`, undefined, { cause }))
      const headers = {
        accept: '*/*',
        ...(basic !== undefined && authentication !== 'none' && { authorization: basic }),
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      }
      const req = request({ host, port, path, method, agent, headers }, (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => {
          clearTimeout(timer)
          resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') })
        })
        res.on('error', (error) => {
          clearTimeout(timer)
          fail(`the answer was truncated (${error.message})`, error)
        })
      })
      const timer = setTimeout(() => req.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
      req.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        // The server had just closed a kept connection, which is no failure: retry once.
        if (mayRetry && req.reusedSocket && error.code === 'ECONNRESET')
          fetch(method, path, authentication).then(resolve, reject)
        else fail(error.code ?? error.message, error)
      })
      req.end(body)
    })

  return {
    get: (path, authentication = 'required') => fetch('GET', path, authentication, { mayRetry: true }),
    send: (method, path, body) =>
      fetch(method, path, 'required', { body: body === undefined ? undefined : JSON.stringify(body) }),
    close: () => agent.destroy(),
  }
}
