import { connect } from 'node:net'
import type { Target } from '../types.ts'

/** What a firewall, or a node that passes nothing on, says. */
const NO_ANSWER = 'no answer'
const TIMEOUT_MS = 2000

/** Why no TCP connection could be opened within two seconds; undefined when one was. */
export function knock({ host, port }: Target): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS })
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
