import type { IncomingMessage } from 'node:http'
import { KubeApiError } from './types.ts'

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

/** The server's Status object as an error. */
export function errorOf(status: number, body: unknown): KubeApiError {
  const answer = (typeof body === 'object' && body !== null ? body : {}) as {
    reason?: string
    message?: string
  }
  const text = typeof body === 'string' ? body.trim().slice(0, 200) : ''
  return new KubeApiError(status, answer.reason ?? 'Unknown', answer.message ?? (text || `HTTP ${status}`))
}
