import { Agent, type ClientRequestArgs, request } from 'node:http'
import type { Duplex } from 'node:stream'
import { EmqxApiError } from './api-error.ts'

export interface EmqxAnswer {
  status: number
  text: string
}

/**
 * Whether a question needs credentials: always; only where somebody has closed what EMQX leaves open, as the metrics; or
 * whether they must not be sent, in order to see.
 */
export type Authentication = 'required' | 'optional' | 'none'

/** One node's HTTP listener, however it is reached. */
export interface EmqxHttp {
  /** GET a path; any HTTP status of EMQX's own is an answer. Rejects with EmqxApiError when there was none in time. */
  get(path: string, authentication?: Authentication): Promise<EmqxAnswer>
  close(): void
}

export interface EmqxHttpOptions {
  host: string
  port: number
  credentials?: { username: string; password: string } | undefined
  timeoutMs: number
  /** Opens the connections, where the address itself cannot be reached. */
  open?: () => Promise<Duplex>
}

/** Connections that somebody else opens. */
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

  const ask = (path: string, authentication: Authentication, mayRetry: boolean): Promise<EmqxAnswer> =>
    new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown) =>
        reject(new EmqxApiError(`GET http://${host}:${port}${path}: ${why}`, undefined, { cause }))
      const headers = {
        accept: '*/*',
        ...(basic !== undefined && authentication !== 'none' && { authorization: basic }),
      }
      const req = request({ host, port, path, agent, headers }, (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => {
          clearTimeout(timer)
          resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') })
        })
        res.on('error', (error) => {
          clearTimeout(timer)
          fail(`the answer broke off (${error.message})`, error)
        })
      })
      const timer = setTimeout(() => req.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
      req.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        // A kept connection that the server has just closed says nothing about the server: ask once more.
        if (mayRetry && req.reusedSocket && error.code === 'ECONNRESET')
          ask(path, authentication, false).then(resolve, reject)
        else fail(error.code ?? error.message, error)
      })
      req.end()
    })

  return {
    get: (path, authentication = 'required') => ask(path, authentication, true),
    close: () => agent.destroy(),
  }
}
