import type { Connection } from '../../transport/connection.ts'

type Socket = Pick<Connection<unknown>, 'destroy'>

/** close(2) costs some 50 µs, so one turn of the event loop closes these within a few milliseconds. */
const SOCKETS_PER_TURN = 48

/**
 * Closes sockets that nobody needs any more, a few per turn of the event loop. When a whole node is lost, a thousand
 * closes in one turn would hold up everything else that is due in that instant, and look like an unfit harness.
 */
export class Reaper {
  #sockets: Socket[] = []
  #working = false

  bury(socket: Socket): void {
    this.#sockets.push(socket)
    if (this.#working) return
    this.#working = true
    setImmediate(this.#work)
  }

  readonly #work = (): void => {
    const now = this.#sockets.slice(0, SOCKETS_PER_TURN)
    this.#sockets = this.#sockets.slice(SOCKETS_PER_TURN)
    for (const socket of now) socket.destroy()
    this.#working = this.#sockets.length > 0
    if (this.#working) setImmediate(this.#work)
  }
}
