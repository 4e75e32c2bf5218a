import { EmqxApiError } from '../emqx/api-error.ts'
import type { Endpoint } from '../emqx/endpoint.ts'
import type { EmqxQuestions } from '../emqx/http.ts'
import { pathOf } from '../kubernetes/http.ts'
import { resources } from '../kubernetes/resources.ts'
import type { KubeApi } from '../kubernetes/types.ts'

/** An API server's proxy's plain text when the pod did not answer (apimachinery, util/proxy transport). */
const NO_ANSWER = /^error trying to reach service/i

/**
 * A pod's HTTP listener through the API server's pod proxy. The proxy removes the Authorization header, so it serves only what EMQX
 * answers without one. The proxy's own errors never count as EMQX's answer.
 */
export function proxiedHttp(
  kube: KubeApi,
  pod: string,
  { scheme, port }: Pick<Endpoint, 'scheme' | 'port'>,
  timeoutMs: number,
): EmqxQuestions {
  // Colons are not escaped: API servers parse "name:port" and "https:name:port" before they decode escapes.
  const prefix = scheme === 'https' ? 'https:' : ''
  const base = `${pathOf(resources.pods, kube.namespace)}/${prefix}${encodeURIComponent(pod)}:${port}/proxy`
  return {
    async get(path) {
      const fail = (why: string, cause?: unknown) =>
        new EmqxApiError(`GET ${path} of pod ${pod} through the API server: ${why}`, undefined, { cause })
      let answer: Awaited<ReturnType<KubeApi['raw']>>
      try {
        // EMQX 5 sends its metrics as JSON if the client accepts JSON.
        answer = await kube.raw('GET', base + path, undefined, { timeoutMs, accept: '*/*' })
      } catch (error) {
        throw fail(isTimeout(error) ? `no answer within ${timeoutMs} ms` : wordsOf(error), error)
      }
      const { status, body } = answer
      const told = statusMessage(body)
      if (told !== undefined) throw fail(`${status}: ${told}`)
      const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
      if (status >= 500 && NO_ANSWER.test(text)) throw fail(`${status}: ${text.trim().slice(0, 200)}`)
      return { status, text }
    },
    close() {},
  }
}

/** The message of a Kubernetes Status, which EMQX never sends. */
function statusMessage(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { kind, apiVersion, message } = body as { kind?: unknown; apiVersion?: unknown; message?: unknown }
  return kind === 'Status' && apiVersion === 'v1' ? String(message) : undefined
}

const isTimeout = (error: unknown) =>
  error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
const wordsOf = (error: unknown) => {
  if (!(error instanceof Error)) return String(error)
  return (error as NodeJS.ErrnoException).code ?? error.message
}
