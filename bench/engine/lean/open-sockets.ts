import type { Connection } from '../../transport/connection.ts'
import { nodeTimers, type Timers } from '../clock.ts'

type Socket = Pick<Connection<unknown>, 'destroy' | 'end'>

/** close(2) costs some 50 µs, so one turn of the event loop closes these within a few milliseconds. */
const SOCKETS_PER_TURN = 48
/** How long the other side may take to close after its last packet: between once and twice this. */
const LINGER_MS = 1000

/**
 * Closes sockets a few per turn of the event loop: a thousand closes at once, when a node is lost, would delay everything
 * else.
 */
export class Reaper {
  readonly #timers: Timers
  #sockets: Socket[] = []
  #working = false
  #lingering: Socket[] = []
  #overdue: Socket[] = []
  #timer: unknown

  constructor(timers: Timers = nodeTimers) {
    this.#timers = timers
  }

  bury(socket: Socket): void {
    this.#sockets.push(socket)
    if (this.#working) return
    this.#working = true
    setImmediate(this.#work)
  }

  /**
   * Sends `last` and lets the other side read and close: closing a socket with unread bytes resets the connection and loses
   * `last`.
   */
  buryAfter(last: Buffer, socket: Socket): void {
    socket.end(last)
    this.#lingering.push(socket)
    this.#timer ??= this.#timers.set(this.#onLinger, LINGER_MS)
  }

  /** Nobody lingers any longer. */
  buryAll(): void {
    this.#timers.clear(this.#timer)
    this.#timer = undefined
    for (const socket of [...this.#overdue, ...this.#lingering]) this.bury(socket)
    this.#overdue = []
    this.#lingering = []
  }

  readonly #onLinger = (): void => {
    for (const socket of this.#overdue) this.bury(socket)
    this.#overdue = this.#lingering
    this.#lingering = []
    this.#timer = this.#overdue.length > 0 ? this.#timers.set(this.#onLinger, LINGER_MS) : undefined
  }

  readonly #work = (): void => {
    const now = this.#sockets.slice(0, SOCKETS_PER_TURN)
    this.#sockets = this.#sockets.slice(SOCKETS_PER_TURN)
    for (const socket of now) socket.destroy()
    this.#working = this.#sockets.length > 0
    if (this.#working) setImmediate(this.#work)
  }
}

/** Counts a shard's sockets until the last one is closed, and closes those no longer needed. */
export class OpenSockets {
  readonly reaper: Reaper
  #open = 0
  #allClosed: (() => void) | undefined

  constructor(timers?: Timers) {
    this.reaper = new Reaper(timers)
  }

  opened(): void {
    this.#open++
  }

  gone(): void {
    this.#open--
    if (this.#open === 0) this.#allClosed?.()
  }

  /** Resolves when all sockets are closed: `left` are destroyed after `graceMs`, and so are those that linger. */
  async closed(left: () => Iterable<Connection<unknown>>, graceMs: number): Promise<void> {
    if (this.#open > 0) {
      const closed = new Promise<void>((resolve) => (this.#allClosed = resolve))
      const force = setTimeout(() => {
        for (const socket of left()) socket.destroy()
        this.reaper.buryAll()
      }, graceMs)
      await closed
      clearTimeout(force)
    }
    this.reaper.buryAll()
  }
}
