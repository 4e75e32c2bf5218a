import { EmqxApiError } from './api-error.ts'
import type { EmqxHttp } from './http.ts'

/** Fetches JSON from EMQX's HTTP API. Throws EmqxApiError for any other answer. */
export async function askJson(http: EmqxHttp, path: string): Promise<unknown> {
  const { status, text } = await http.get(path)
  if (status !== 200) throw new EmqxApiError(`GET ${path}: ${wordsOf(status, text)}`, status)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new EmqxApiError(`GET ${path}: the answer is not JSON`, status, { cause: error })
  }
}

/** The same for a JSON object. */
export async function askObject(http: EmqxHttp, path: string): Promise<Record<string, unknown>> {
  const body = await askJson(http, path)
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new EmqxApiError(`GET ${path}: the answer is not an object`, 200)
  return body as Record<string, unknown>
}

const wordsOf = (status: number, text: string) => `HTTP ${status} ${text.trim().slice(0, 200)}`.trim()
