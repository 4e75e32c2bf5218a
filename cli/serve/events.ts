import type { ServerResponse } from 'node:http'
import { Follower, type Told } from './follow.ts'

/** Pages that follow runs at once: each has a connection, and each run a record in memory. */
const MOST_PAGES = 16

/** Server-sent events (https://html.spec.whatwg.org/#server-sent-events) of the runs in a folder: all pages of a run share one reader. */
export class RunEvents {
  readonly #folder: string
  readonly #followers = new Map<string, Follower>()
  #pages = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  get isFull(): boolean {
    return this.#pages >= MOST_PAGES
  }

  /** Sends the events of a run until it ends or the page is closed. */
  send(name: string, response: ServerResponse): void {
    // Closed while its request was looked at: it would never say so again.
    if (response.destroyed || response.writableEnded) return
    this.#pages++
    const follower = this.#followers.get(name) ?? new Follower(this.#folder, name)
    this.#followers.set(name, follower)
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    response.flushHeaders()
    const stop = follower.add((told) => write(response, told))
    response.on('close', () => {
      stop()
      this.#pages--
      if (follower.isIdle) this.#followers.delete(name)
    })
  }
}

/** A page that does not keep up misses records: the next one that it gets has all of them. */
function write(response: ServerResponse, { event, data }: Told): void {
  if (event === 'record' && response.writableNeedDrain) return
  response.write(`event: ${event}\ndata: ${data}\n\n`)
  if (event === 'end') response.end()
}
