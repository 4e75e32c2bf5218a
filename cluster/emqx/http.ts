import { type AgentOptions, Agent as HttpAgent, request } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { EmqxApiError } from './api-error.ts'
import type { Scheme } from './endpoint.ts'
import { tlsProblem } from './tls-problem.ts'

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

/** How EMQX's certificate is checked: by these authorities, in PEM, instead of those that Node.js knows; or not at all. */
export interface EmqxTls {
  ca?: string | undefined
  insecure?: boolean | undefined
}

export interface EmqxHttpOptions {
  /** Default http. */
  scheme?: Scheme
  tls?: EmqxTls | undefined
  host: string
  port: number
  credentials?: { username: string; password: string } | undefined
  timeoutMs: number
  /** Opens connections if the address cannot be reached directly. */
  open?: () => Promise<Duplex>
}

/**
 * Pods are reached by their address or through a tunnel, and certificates name neither: an authority of the user's own vouches for every name
 * that it has signed.
 */
const tlsOptions = ({ ca, insecure = false }: EmqxTls) => ({
  rejectUnauthorized: !insecure,
  checkServerIdentity: () => undefined,
  ...(ca !== undefined && { ca }),
})

type Open = () => Promise<Duplex>

/** An agent that uses connections from `open`, where they are not made directly. */
function agentOf(scheme: Scheme, tls: EmqxTls, open: Open | undefined): HttpAgent {
  const few: AgentOptions = {
    keepAlive: true,
    ...(open ? { maxSockets: 2 } : { maxSockets: 8, maxFreeSockets: 4 }),
  }
  const agent = scheme === 'https' ? new HttpsAgent({ ...few, ...tlsOptions(tls) }) : new HttpAgent(few)
  if (!open) return agent
  const through: HttpAgent['createConnection'] = (_options, done) => {
    open().then(
      (connection) =>
        done?.(
          null,
          scheme === 'https' ? connectTls({ socket: connection, ...tlsOptions(tls) }) : connection,
        ),
      (error: Error) => done?.(error, undefined as unknown as Duplex),
    )
    return undefined
  }
  return Object.assign(agent, { createConnection: through })
}

/** HTTP over kept-alive connections to one node. */
export function emqxHttp(options: EmqxHttpOptions): EmqxHttp {
  const { scheme = 'http', tls = {}, host, port, credentials, timeoutMs, open } = options
  const agent = agentOf(scheme, tls, open)
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
      const fail = (why: string, cause?: unknown, todo?: string) => {
        const what = `${method} ${scheme}://${host}:${port}${path}`
        reject(new EmqxApiError(`${what}: ${why}`, undefined, { cause, todo }))
      }
      const headers = {
        accept: '*/*',
        ...(basic !== undefined && authentication !== 'none' && { authorization: basic }),
        ...(body !== undefined && {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      }
      const protocol = `${scheme}:`
      const req = request({ protocol, host, port, path, method, agent, headers }, (res) => {
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
        else {
          const problem = tlsProblem(error, scheme)
          fail(problem?.why ?? error.code ?? error.message, error, problem?.todo)
        }
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
