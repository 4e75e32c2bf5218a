import type { ServerResponse } from 'node:http'

/** What a route returns; `body` is sent as JSON unless it is text. */
export interface Answer {
  status: number
  body: unknown
  contentType?: string
  headers?: Record<string, string>
}

export const ok = (data: unknown): Answer => ({ status: 200, body: { code: 0, data } })
export const bare = (body: unknown, status = 200): Answer => ({ status, body })
export const text = (body: string, status = 200): Answer => ({ status, body, contentType: 'text/plain' })
/** `{"data":[],"code":0}`, in the order that 4.4 prints for start and stop. */
export const done = (): Answer => bare({ data: [], code: 0 })
/** A business error: 4.4 answers HTTP 200 with a code (contract/emqx.md §0.8). */
export const failed = (message: string, code = 400): Answer => bare({ code, message })

export function send(response: ServerResponse, { status, body, contentType, headers }: Answer): void {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  response.writeHead(status, {
    'content-type': contentType ?? 'application/json',
    'content-length': bytes.length,
    ...headers,
  })
  response.end(bytes)
}
