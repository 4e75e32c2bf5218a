import type { Connection } from '../../transport/connection.ts'
import type { Timers } from '../clock.ts'
import { Reaper } from './reaper.ts'

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
