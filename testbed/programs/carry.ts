import { connect, type Socket } from 'node:net'

/** Passes connections on to this address, whose sockets are another process's: their bytes, their end, and whether they were reset. */
export const carryTo = (host: string): { accept(socket: Socket, port: number): void } => ({
  accept(socket, port) {
    const onward = connect({ host, port, noDelay: true })
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => other.resetAndDestroy())
      // What was read last is written before the other side closes too.
      one.on('close', () => other.destroySoon())
      one.pipe(other)
    }
  },
})
