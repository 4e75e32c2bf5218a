import type { IncomingMessage, ServerResponse } from 'node:http'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Context } from '../context.ts'
import { type ApiError, badRequest, expired } from '../errors.ts'
import { present, presentAtOnce } from '../operations/convert.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import type { Change } from '../store.ts'
import type { Representation } from './representation.ts'

export interface WatchRequest {
  type: ResourceType
  matches(object: KubeObject): boolean
  query: URLSearchParams
  representation: Representation
}

const BOOKMARK_MS = 60_000
/** A watch without timeoutSeconds ends after half an hour to an hour on a real server. */
const DEFAULT_SECONDS = 2700
const INITIAL_EVENTS_END = 'k8s.io/initial-events-end'

/** Streams changes as newline-separated events until the client leaves or its timeoutSeconds are over. */
export function serveWatch(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  watch: WatchRequest,
): void {
  const { store } = context
  const { query, type } = watch
  const wantsBookmarks = query.get('allowWatchBookmarks') === 'true'
  const stream = new WatchStream(context, response, watch)
  const from = query.get('resourceVersion') ?? ''
  const initial = query.get('sendInitialEvents') === 'true'
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
  response.flushHeaders()
  // Without a version, or from "0", a watch begins with everything there is (Kubernetes API concepts, "Semantics for watch").
  if (from === '' || from === '0' || initial) {
    for (const object of store.list(type.bucket)) stream.send('ADDED', object)
    if (initial) stream.bookmark(store.revision, { [INITIAL_EVENTS_END]: 'true' })
  } else {
    const missed = store.since(type.bucket, parseRevision(from))
    if (!Array.isArray(missed)) {
      stream.fail(expired(parseRevision(from), missed.oldest))
      return
    }
    for (const change of missed) stream.take(change)
  }
  const unsubscribe = store.subscribe(type.bucket, (change) => stream.take(change))
  const bookmarks = setInterval(() => {
    if (wantsBookmarks) stream.bookmark(store.revision)
  }, BOOKMARK_MS)
  const seconds = Number(query.get('timeoutSeconds') ?? 0) || DEFAULT_SECONDS
  const end = setTimeout(() => {
    // The client resumes from here, however long its own resource was quiet.
    if (wantsBookmarks) stream.bookmark(store.revision)
    stream.end()
  }, seconds * 1000)
  const stop = () => {
    unsubscribe()
    clearInterval(bookmarks)
    clearTimeout(end)
  }
  response.on('close', stop)
  request.on('error', stop)
}

export function parseRevision(text: string): number {
  if (!/^\d+$/.test(text))
    throw badRequest(`resourceVersion: Invalid value: ${JSON.stringify(text)}: must be an unsigned integer`)
  return Number(text)
}

class WatchStream {
  readonly #response: ServerResponse
  readonly #watch: WatchRequest
  readonly #context: Context
  #isFirst = true
  /** Lines that wait for a conversion webhook, each for those before it; undefined when none does. */
  #waiting: Promise<void> | undefined

  constructor(context: Context, response: ServerResponse, watch: WatchRequest) {
    this.#context = context
    this.#response = response
    this.#watch = watch
  }

  /** An object that begins or ceases to match the selectors arrives or leaves, as far as this watch is concerned. */
  take({ type, object, previous }: Change): void {
    const { matches } = this.#watch
    const did = previous !== undefined && matches(previous)
    const does = type !== 'DELETED' && matches(object)
    if (does) this.#write(did ? 'MODIFIED' : 'ADDED', object)
    else if (did) this.#write('DELETED', object)
  }

  send(type: string, object: KubeObject): void {
    if (this.#watch.matches(object)) this.#write(type, object)
  }

  bookmark(revision: number, annotations?: Record<string, string>): void {
    const { type } = this.#watch
    const object = {
      kind: type.kind,
      apiVersion: apiVersionOf(type),
      metadata: {
        name: '',
        resourceVersion: String(revision),
        creationTimestamp: null,
        ...(annotations && { annotations }),
      },
    }
    this.#inTurn(() => this.#line('BOOKMARK', JSON.stringify(object)))
  }

  fail(error: ApiError): void {
    this.#line('ERROR', JSON.stringify(error.status))
    this.#response.end()
  }

  end(): void {
    this.#inTurn(() => {
      this.#response.end()
    })
  }

  #write(type: string, object: KubeObject): void {
    const shown = presentAtOnce(this.#watch.type, object)
    if (shown) this.#inTurn(() => this.#show(type, shown))
    else this.#inTurn(async () => this.#show(type, await present(this.#context, this.#watch.type, object)))
  }

  /** At once, or after the lines that wait. */
  #inTurn(write: () => void | Promise<void>): void {
    const next = this.#waiting ? this.#waiting.then(write) : write()
    if (!next) return
    const settled = next
      .catch((error) => this.fail(error))
      .then(() => {
        if (this.#waiting === settled) this.#waiting = undefined
      })
    this.#waiting = settled
  }

  #show(type: string, object: KubeObject): void {
    const { representation } = this.#watch
    this.#line(type, representation.event(this.#watch.type, object, this.#isFirst))
    this.#isFirst = false
  }

  #line(type: string, json: string): void {
    if (!this.#response.writableEnded && !this.#response.destroyed)
      this.#response.write(`{"type":"${type}","object":${json}}\n`)
  }
}
