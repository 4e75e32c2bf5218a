import { connect } from 'node:net'
import type { Target } from '../types.ts'

/** Why no TCP connection could be opened; undefined when one was. A refusal is an answer, silence is none: a firewall, or a node that passes nothing on. */
export function knock({ host, port }: Target, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs })
    const settle = (why?: string) => {
      socket.destroy()
      resolve(why)
    }
    socket.on('connect', () => settle())
    socket.on('timeout', () => settle(NO_ANSWER))
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      settle(code === 'ETIMEDOUT' ? NO_ANSWER : (code ?? 'unknown error')),
    )
  })
}

/** What a firewall, or a node that passes nothing on, says. */
const NO_ANSWER = 'no answer'
