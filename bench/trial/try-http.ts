import { request } from 'node:http'
import { connect } from 'node:tls'
import { knock } from '../transport/knock.ts'
import type { Target } from '../types.ts'
import type { ListenerAnswer } from './try-listener.ts'

/** Whether an HTTP server answers there, with any status, plain or by TLS. A connection that is accepted and cut is none: some load balancers do that. */
export async function tryHttp(target: Target, timeoutMs: number): Promise<ListenerAnswer> {
  const why = await knock(target)
  if (why !== undefined) return { outcome: 'closed', why }
  const plain = await tryPlain(target, timeoutMs)
  if (plain.outcome === 'answered') return plain
  return (await shakesHands(target, timeoutMs)) ? { outcome: 'answered', why: 'TLS' } : plain
}

function tryPlain({ host, port }: Target, timeoutMs: number): Promise<ListenerAnswer> {
  return new Promise((resolve) => {
    const asking = request({ host, port, path: '/', timeout: timeoutMs }, (answer) => {
      answer.resume()
      resolve({ outcome: 'answered', why: `HTTP ${answer.statusCode}` })
    })
    asking.on('timeout', () => asking.destroy(new Error('accepted, and not a word')))
    asking.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ outcome: 'closed', why: error.code ?? error.message }),
    )
    asking.end()
  })
}

/** Any certificate will do: who answers is not judged. */
function shakesHands({ host, port }: Target, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: timeoutMs })
    const settle = (is: boolean) => {
      socket.destroy()
      resolve(is)
    }
    socket.on('secureConnect', () => settle(true))
    socket.on('timeout', () => settle(false))
    socket.on('error', () => settle(false))
  })
}
