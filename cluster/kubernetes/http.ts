import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { KubeApiError, type Resource } from './types.ts'

/** The whole answer as JSON; text that is not JSON comes back as it is. */
export async function readJson(response: IncomingMessage): Promise<unknown> {
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response as AsyncIterable<string>) text += chunk
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Sends a request and reads its whole answer. */
export function readBytes(
  request: ClientRequest,
  body: Uint8Array | undefined,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request.on('response', (response) => {
      const { statusCode = 0, headers } = response
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: statusCode, headers, body: Buffer.concat(chunks) }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** The server's Status object as an error. */
export function errorOf(status: number, body: unknown, headers: IncomingHttpHeaders = {}): KubeApiError {
  const answer = (typeof body === 'object' && body !== null ? body : {}) as {
    reason?: string
    message?: string
    details?: { retryAfterSeconds?: number }
  }
  const text = typeof body === 'string' ? body.trim().slice(0, 200) : ''
  // The server's one word does not say whose fault it is.
  if (status === 401)
    return new KubeApiError(
      status,
      'Unauthorized',
      'the credentials of the kubeconfig are not, or no longer, accepted (401)',
    )
  // Kubernetes sends seconds, in a header or in its Status.
  const seconds = Number(headers['retry-after'] ?? answer.details?.retryAfterSeconds)
  const retryAfterMs = seconds > 0 ? seconds * 1000 : undefined
  const message = answer.message ?? (text || `HTTP ${status}`)
  return new KubeApiError(status, answer.reason ?? 'Unknown', message, retryAfterMs)
}

const TRIES = 6
const PAUSE_MS = 300
/** A server may ask for longer pauses (Retry-After), but a step does not wait for ever. */
const MOST_PAUSE_MS = 10_000

/**
 * Asks again for some seconds while the API server is too busy, or just starting: it has done nothing then of what it was
 * asked (429, priority and fairness; "storage is (re)initializing" right after a definition was made). A 503 may come from
 * something behind it, so only questions are asked again then. Refused credentials (401) are tried once more.
 */
export async function whileBusy<T>(kind: 'question' | 'order', ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      const status = error instanceof KubeApiError ? error.status : 0
      const isBusy = status === 429 || (status === 503 && kind === 'question')
      // A token that has expired is replaced before the next request, if there is a newer one.
      const mayHaveExpired = status === 401 && tries === 1
      if (!(isBusy || mayHaveExpired) || tries === TRIES) throw error
      const { retryAfterMs = 0 } = error as KubeApiError
      await sleep(Math.max(PAUSE_MS * tries, Math.min(retryAfterMs, MOST_PAUSE_MS)))
    }
  }
}

/** REST path of a resource's collection, or of one object in it. */
export function pathOf(resource: Resource, namespace?: string, name?: string, subresource?: string): string {
  const base = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`
  const scope = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  const object = name ? `/${encodeURIComponent(name)}` : ''
  return `${base}${scope}/${resource.plural}${object}${subresource ? `/${subresource}` : ''}`
}

export function withQuery(
  path: string,
  query: Record<string, string | number | boolean | undefined>,
): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value))
  const text = search.toString()
  return text ? `${path}?${text}` : path
}
