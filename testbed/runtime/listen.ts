import type { Server } from 'node:net'
import { WeirError } from '#weir/errors/index.ts'

/** Large enough for a reconnect storm; the kernel limits it to net.core.somaxconn. */
const BACKLOG = 4096

/** Listens on an address that `what` needs. Rejects with a WeirError: WEIR_ADDRESS_IN_USE when the address is taken. */
export function listen(server: Server, host: string, port: number, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port, what)))
    server.listen({ host, port, backlog: BACKLOG }, resolve)
  })
}

export function listenError(
  cause: NodeJS.ErrnoException,
  host: string,
  port: number,
  what: string,
): WeirError {
  if (cause.code === 'EADDRINUSE' || cause.code === 'EADDRNOTAVAIL')
    return new WeirError(
      'WEIR_ADDRESS_IN_USE',
      `${host}:${port} is taken, ${what} needs it: end the program that listens there`,
      { cause },
    )
  return new WeirError('WEIR_TESTBED', `${what} cannot listen on ${host}:${port}: ${cause.message}`, {
    cause,
  })
}
