import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import * as assert from 'uvu/assert'

/** A Kubernetes API, real or emulated, with its controllers, and no kubelet: cases report what their pods do. */
export interface Server {
  url: string
  /** PEM that signs the server's certificate. */
  certificate: string
  /** A bearer token that may do everything. */
  token: string
  /** Path of a kubeconfig with it, for kubectl. */
  kubeconfig: string
  /** How long its controllers may take, on a machine that has other work. */
  limitMs: number
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  // biome-ignore lint/suspicious/noExplicitAny: answers are foreign JSON that the cases pick apart.
  body: any
}

export interface Asked {
  headers?: Record<string, string>
  /** Instead of the administrator's; null sends none. */
  token?: string | null
}

export interface WatchEvent {
  type: string
  object: Answer['body']
}

export const MERGE = { 'content-type': 'application/merge-patch+json' }
export const JSON_PATCH = { 'content-type': 'application/json-patch+json' }
export const STRATEGIC = { 'content-type': 'application/strategic-merge-patch+json' }
export const APPLY = { 'content-type': 'application/apply-patch+yaml' }

const POLL_MS = 20

/** What one case has: a namespace of its own, and requests as curl would send them. */
export class World {
  readonly server: Server
  readonly namespace: string
  readonly #open = new Set<IncomingMessage>()

  constructor(server: Server, namespace: string) {
    this.server = server
    this.namespace = namespace
  }

  /** The path of a collection in the case's namespace, e.g. `path('configmaps')` or `path('apps/v1/statefulsets', 'web')`. */
  path(resource: string, name = ''): string {
    const parts = resource.split('/')
    const plural = parts.pop()
    const root = parts.length === 0 ? '/api/v1' : `/apis/${parts.join('/')}`
    return `${root}/namespaces/${this.namespace}/${plural}${name && `/${name}`}`
  }

  /** Objects are sent as JSON, text as it is. */
  async ask(method: string, path: string, body?: unknown, asked: Asked = {}): Promise<Answer> {
    const response = await this.#send(method, path, body, asked)
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const isJson = response.headers['content-type']?.includes('json')
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    }
  }

  get = (path: string, asked?: Asked) => this.ask('GET', path, undefined, asked)
  remove = (path: string, body?: unknown) => this.ask('DELETE', path, body)

  /** POSTs an object, which must be taken. Returns it as it was stored. */
  async create(resource: string, object: object): Promise<Answer['body']> {
    const answer = await this.ask('POST', this.path(resource), object)
    assert.is(answer.status, 201, `${resource}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** GETs an object, which must be there. */
  async read(path: string): Promise<Answer['body']> {
    const answer = await this.get(path)
    assert.is(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** PATCHes an object, which must be taken: a merge patch unless `headers` say another. */
  async patch(path: string, body: unknown, headers: Record<string, string> = MERGE): Promise<Answer['body']> {
    const answer = await this.ask('PATCH', path, body, { headers })
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** Events of a watch, until it ends or is left. */
  async *watch(path: string, headers: Record<string, string> = {}): AsyncGenerator<WatchEvent> {
    const response = await this.#send('GET', path, undefined, { headers })
    this.#open.add(response)
    const timer = setTimeout(
      () => response.destroy(new Error(`the watch of ${path} went on for too long`)),
      this.server.limitMs,
    )
    response.setEncoding('utf8')
    let rest = ''
    try {
      for await (const chunk of response) {
        rest += chunk
        for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
          const line = rest.slice(0, end)
          rest = rest.slice(end + 1)
          yield JSON.parse(line)
        }
      }
      // What is no stream of events is one answer that refuses it.
      if (rest.trim() !== '') yield { type: `${response.statusCode}`, object: JSON.parse(rest) }
    } finally {
      clearTimeout(timer)
      this.#open.delete(response)
      response.destroy()
    }
  }

  /** The next `count` events of a watch. */
  async events(path: string, count: number): Promise<WatchEvent[]> {
    const seen: WatchEvent[] = []
    for await (const event of this.watch(path)) if (seen.push(event) === count) break
    return seen
  }

  /** Waits until the probe gives something. */
  async eventually<T>(
    what: string,
    probe: () => Promise<T | undefined | false> | T | undefined | false,
  ): Promise<T> {
    for (const endMs = Date.now() + this.server.limitMs; ; ) {
      const found = await probe()
      if (found !== undefined && found !== false) return found
      if (Date.now() > endMs) throw new Error(`waited in vain for ${what}`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }

  /** Waits until there is nothing at this path. */
  gone = (path: string) =>
    this.eventually(`${path} to go`, async () => (await this.get(path)).status === 404 || undefined)

  close(): void {
    for (const response of this.#open) response.destroy()
  }

  #send(
    method: string,
    path: string,
    body: unknown,
    { headers = {}, token }: Asked,
  ): Promise<IncomingMessage> {
    const { url, certificate, token: own } = this.server
    const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    const credentials = token === null ? {} : { authorization: `Bearer ${token ?? own}` }
    // Node sends a body with a DELETE only if its length is given.
    const content =
      payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) }
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        url + path,
        {
          method,
          ca: certificate,
          headers: {
            'user-agent': 'conformance/1',
            accept: 'application/json',
            ...credentials,
            ...content,
            ...headers,
          },
        },
        resolve,
      )
      request.on('error', reject)
      request.end(payload)
    })
  }
}

/** A case has a namespace of its own. */
export type Cases = Record<string, (world: World) => Promise<void>>

export const configMap = (
  name: string,
  data: Record<string, string> = {},
  metadata: object = {},
): { metadata: { name: string }; [field: string]: unknown } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
})

/** The Status of a refusal, without what says only where it came from. */
export function refused(
  answer: Answer,
  code: number,
  reason: string | undefined,
  message: string | RegExp,
): void {
  const { body } = answer
  assert.is(answer.status, code, JSON.stringify(body))
  assert.is(body.kind, 'Status')
  assert.is(body.apiVersion, 'v1')
  assert.is(body.status, 'Failure')
  assert.is(body.code, code)
  assert.is(body.reason, reason)
  if (typeof message === 'string') assert.is(body.message, message)
  else assert.match(body.message, message, body.message)
}
