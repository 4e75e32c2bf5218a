import { Agent, request } from 'node:http'
import { EmqxApiError } from './api-error.ts'

export interface EmqxAnswer {
  status: number
  text: string
}

/** One node's HTTP listener, however it is reached. */
export interface EmqxHttp {
  /**
   * GET a path; any HTTP status of EMQX's own is an answer. Rejects with EmqxApiError when there was none in time.
   * `anonymous` marks a question that EMQX answers without credentials, as it does by default of metrics.
   */
  get(path: string, options?: { anonymous?: boolean }): Promise<EmqxAnswer>
  close(): void
}

export interface EmqxHttpOptions {
  host: string
  port: number
  credentials: { username: string; password: string }
  timeoutMs: number
}

/** The listener by the pod's own address, over kept-alive connections. */
export function emqxHttp({ host, port, credentials, timeoutMs }: EmqxHttpOptions): EmqxHttp {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, maxFreeSockets: 4 })
  const authorization = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`

  const ask = (path: string, mayRetry: boolean): Promise<EmqxAnswer> =>
    new Promise((resolve, reject) => {
      const fail = (why: string, cause?: unknown) =>
        reject(new EmqxApiError(`GET http://${host}:${port}${path}: ${why}`, undefined, { cause }))
      const req = request({ host, port, path, agent, headers: { authorization, accept: '*/*' } }, (res) => {
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
          ask(path, false).then(resolve, reject)
        else fail(error.code ?? error.message, error)
      })
      req.end()
    })

  return { get: (path) => ask(path, true), close: () => agent.destroy() }
}
