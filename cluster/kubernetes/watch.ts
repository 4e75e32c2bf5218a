import type { IncomingMessage } from 'node:http'
import { messageOf } from '#weir/errors/index.ts'
import { isBusy } from './api-errors.ts'
import type { Connection } from './connection.ts'
import { errorOf, pathOf, readJson, whileBusy, withQuery } from './http.ts'
import { KubeApiError, type KubeObject, type ListOptions, type Resource, type WatchHandler } from './types.ts'

/** The server is asked to end a quiet watch by itself after this long; a watch that outlives it is dead. */
const WATCH_SECONDS = 240
const RETRY_MS = 500
/** A listing without a byte for this long is not coming. */
const LIST_SILENCE_MS = 15_000
/** A watch is silent for long stretches; without this a dead peer would be noticed only after the kernel gives up. */
const WATCH_SILENCE_MS = (WATCH_SECONDS + 30) * 1000

type Query = Record<string, string | number | boolean | undefined>

/**
 * List, then watch for ever (the protocol of Kubernetes API concepts, "Efficient detection of changes"). A watch that ends is resumed from
 * its last resourceVersion: in time without a gap, one that breaks after a gap in which nothing is missed, only learnt late. Where the server
 * refuses the watch (it has forgotten that version, or permits it no more), or reports an error in it, everything is listed again.
 */
export class ListWatch<T extends KubeObject> {
  readonly ready: Promise<void>
  readonly #connection: Connection
  readonly #resource: Resource
  readonly #options: ListOptions
  readonly #handler: WatchHandler<T>
  readonly #stopped = new AbortController()
  #resourceVersion = ''
  #lastHeardMs = Date.now()
  /** A gap was told that has not ended. */
  #broken = false

  constructor(connection: Connection, resource: Resource, options: ListOptions, handler: WatchHandler<T>) {
    this.#connection = connection
    this.#resource = resource
    this.#options = options
    this.#handler = handler
    const first = Promise.withResolvers<void>()
    this.ready = first.promise
    // A caller that never looks at `ready` must not turn its rejection into a crash.
    this.ready.catch(() => {})
    void this.#run(first)
  }

  stop(): void {
    this.#stopped.abort()
  }

  async #run(first: PromiseWithResolvers<void>): Promise<void> {
    let listed = false
    while (!this.#stopped.signal.aborted) {
      try {
        if (this.#resourceVersion === '') {
          await whileBusy('question', () => this.#list())
          listed = true
          first.resolve()
        }
        await this.#watchOnce()
      } catch (cause) {
        if (this.#stopped.signal.aborted) break
        if (!listed) {
          first.reject(cause)
          return
        }
        if (!mayResume(cause)) this.#resourceVersion = ''
        this.#broken = true
        this.#handler.onGap(messageOf(cause), this.#lastHeardMs)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
    first.resolve()
  }

  async #list(): Promise<void> {
    const response = await this.#request({}, LIST_SILENCE_MS)
    const body = (await readJson(response)) as {
      items?: T[]
      metadata?: { resourceVersion?: string }
    }
    if (response.statusCode !== 200) throw errorOf(response.statusCode ?? 0, body, response.headers)
    this.#resourceVersion = body.metadata?.resourceVersion ?? '0'
    this.#lastHeardMs = Date.now()
    this.#broken = false
    this.#handler.onList(body.items ?? [], this.#resourceVersion)
  }

  async #watchOnce(): Promise<void> {
    const query = {
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: this.#resourceVersion,
      timeoutSeconds: WATCH_SECONDS,
    }
    const response = await whileBusy('question', () => this.#opened(query))
    response.setEncoding('utf8')
    if (this.#broken) {
      this.#broken = false
      this.#lastHeardMs = Date.now()
      this.#handler.onResumed?.()
    }
    let rest = ''
    for await (const chunk of response as AsyncIterable<string>) {
      if (this.#stopped.signal.aborted) return
      this.#lastHeardMs = Date.now()
      rest += chunk
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 1)
        if (line.trim()) this.#take(readEvent(line))
      }
    }
  }

  /** The answer of a watch that was accepted. */
  async #opened(query: Query): Promise<IncomingMessage> {
    const response = await this.#request(query, WATCH_SILENCE_MS)
    if (response.statusCode !== 200)
      throw errorOf(response.statusCode ?? 0, await readJson(response), response.headers)
    return response
  }

  #take(event: { type: string; object: T }): void {
    if (event.type === 'ERROR') {
      const status = event.object as unknown as { code?: number; reason?: string; message?: string }
      throw new Unreadable(status.message ?? 'the watch failed')
    }
    this.#resourceVersion = event.object.metadata.resourceVersion ?? this.#resourceVersion
    if (event.type === 'ADDED' || event.type === 'MODIFIED' || event.type === 'DELETED')
      this.#handler.onEvent(event.type, event.object)
  }

  async #request(query: Query, silenceMs: number): Promise<IncomingMessage> {
    const path = withQuery(pathOf(this.#resource, this.#options.namespace), {
      labelSelector: this.#options.labelSelector,
      fieldSelector: this.#options.fieldSelector,
      ...query,
    })
    const request = await this.#connection.open(
      'GET',
      path,
      { accept: 'application/json' },
      this.#stopped.signal,
    )
    return new Promise((resolve, reject) => {
      request.setTimeout(silenceMs, () => request.destroy(new Error('the API server went silent')))
      request.on('response', resolve)
      request.on('error', reject)
      request.end()
    })
  }
}

/** Whether the watch may go on from the last version: the connection broke, or the server was busy. */
const mayResume = (cause: unknown): boolean =>
  cause instanceof KubeApiError ? isBusy(cause) : !(cause instanceof Unreadable)

/** A watch that cannot go on from where it is: the server says so in it, or sends what is no event. */
class Unreadable extends Error {}

function readEvent<T>(line: string): { type: string; object: T } {
  try {
    return JSON.parse(line) as { type: string; object: T }
  } catch (cause) {
    throw new Unreadable('the API server sent a watch event that is no JSON', { cause })
  }
}
