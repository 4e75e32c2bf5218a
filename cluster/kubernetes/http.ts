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
export function errorOf(status: number, body: unknown): KubeApiError {
  const answer = (typeof body === 'object' && body !== null ? body : {}) as {
    reason?: string
    message?: string
  }
  const text = typeof body === 'string' ? body.trim().slice(0, 200) : ''
  // The server's one word does not say whose fault it is.
  if (status === 401)
    return new KubeApiError(
      status,
      'Unauthorized',
      'the credentials of the kubeconfig are not, or no longer, accepted (401)',
    )
  return new KubeApiError(status, answer.reason ?? 'Unknown', answer.message ?? (text || `HTTP ${status}`))
}

const TRIES = 6
const PAUSE_MS = 300

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
      await sleep(PAUSE_MS * tries)
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
