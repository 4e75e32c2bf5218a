import type { ServerResponse } from 'node:http'
import type { Clock } from '../../runtime/clock.ts'

/** What a route returns; `body` is sent as JSON unless it is text. */
export interface Answer {
  status: number
  body: unknown
  contentType?: string
  headers?: Record<string, string>
}

export const bare = (body: unknown, status = 200): Answer => ({ status, body })
export const text = (body: string, status = 200): Answer => ({ status, body, contentType: 'text/plain' })
/** A status and headers alone, without a body and so without a content type. */
export const empty = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  body: undefined,
  headers,
})

export function send(response: ServerResponse, { status, body, contentType, headers }: Answer): void {
  if (body === undefined) {
    // A 204 has no length either (RFC 9110 §8.6).
    response.writeHead(status, { ...(status !== 204 && { 'content-length': 0 }), ...headers })
    response.end()
    return
  }
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  response.writeHead(status, {
    'content-type': contentType ?? 'application/json',
    'content-length': bytes.length,
    ...headers,
  })
  response.end(bytes)
}

/** Rows made in one stretch: well under a millisecond when nothing else runs. */
const STRETCH = 200

/** The rows of a listing as JSON without its brackets, made in short stretches so that a long one does not block the node. */
export async function inStretches<T>(
  clock: Clock,
  items: readonly T[],
  row: (item: T) => object,
): Promise<string> {
  const parts: string[] = []
  for (let start = 0; start < items.length; start += STRETCH) {
    if (start > 0) await new Promise<void>((resolve) => clock.soon(resolve))
    parts.push(JSON.stringify(items.slice(start, start + STRETCH).map(row)).slice(1, -1))
  }
  return parts.join(',')
}
