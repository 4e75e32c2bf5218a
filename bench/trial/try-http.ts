import { request } from 'node:http'
import type { Target } from '../types.ts'
import type { ListenerAnswer } from './try-listener.ts'

/** Whether an HTTP server answers there, with any status. A connection that is accepted and cut is none: some load balancers do that. */
export function tryHttp({ host, port }: Target, timeoutMs: number): Promise<ListenerAnswer> {
  return new Promise((resolve) => {
    const asking = request({ host, port, path: '/', timeout: timeoutMs }, (answer) => {
      answer.resume()
      resolve({ outcome: 'answered', why: `HTTP ${answer.statusCode}` })
    })
    asking.on('timeout', () => asking.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    asking.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ outcome: 'closed', why: error.code ?? error.message }),
    )
    asking.end()
  })
}
