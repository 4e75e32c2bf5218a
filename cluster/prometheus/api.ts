import { WeirError } from '#weir/errors/index.ts'
import type { PrometheusAddress, PrometheusCredentials } from './address.ts'

/** A request to a Prometheus without a usable answer: one line, what is wrong and what to do. */
export class PrometheusError extends Error {
  readonly status: number | undefined

  constructor(message: string, status?: number, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'PrometheusError'
    this.status = status
  }
}

/** One series of a range query: its labels, and a value per step. */
export interface Series {
  labels: Readonly<Record<string, string>>
  /** Unix seconds of the step, and the value; NaN where it is no number. */
  values: readonly (readonly [seconds: number, value: number])[]
}

/** Unix milliseconds of its clock, both included. */
export interface Range {
  fromUnixMs: number
  toUnixMs: number
  stepSeconds: number
}

/** A Prometheus' HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/). Throws PrometheusError. */
export interface PrometheusApi {
  readonly url: string
  /** What its clock shows, Unix milliseconds. */
  now(): Promise<number>
  range(query: string, range: Range): Promise<Series[]>
}

const TIMEOUT_MS = 10_000

export function prometheusApi({ url, credentials }: PrometheusAddress): PrometheusApi {
  const headers = { accept: 'application/json', ...(credentials && authorization(credentials)) }

  async function ask(path: string, parameters: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${url}${path}?${new URLSearchParams(parameters)}`, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw silent(url, error)
    })
    const text = await response.text().catch((error: unknown) => {
      throw silent(url, error)
    })
    return dataOf(url, response, text)
  }

  return {
    url,
    async now() {
      const { result } = (await ask('/api/v1/query', { query: 'time()' })) as { result?: unknown }
      const seconds = Array.isArray(result) ? Number(result[1]) : Number.NaN
      if (!Number.isFinite(seconds)) throw foreign(url, 'answered time() with something else')
      return seconds * 1000
    },
    async range(query, { fromUnixMs, toUnixMs, stepSeconds }) {
      const { result } = (await ask('/api/v1/query_range', {
        query,
        start: String(fromUnixMs / 1000),
        end: String(toUnixMs / 1000),
        step: String(stepSeconds),
      })) as { result?: unknown }
      if (!Array.isArray(result)) throw foreign(url, 'answered a range query without a list')
      return result.map((one) => readSeries(url, one))
    },
  }
}

/**
 * Sees that a Prometheus answers, before it is needed.
 *
 * @throws WeirError WEIR_PROMETHEUS
 */
export async function checkPrometheus(address: PrometheusAddress): Promise<void> {
  try {
    await prometheusApi(address).now()
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error
    throw new WeirError('WEIR_PROMETHEUS', error.message, { cause: error })
  }
}

function authorization(credentials: PrometheusCredentials): { authorization: string } {
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` }
  const { username, password } = credentials
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
}

function silent(url: string, error: unknown): PrometheusError {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } }
  const why =
    name === 'TimeoutError'
      ? `no answer within ${TIMEOUT_MS / 1000} s`
      : (cause?.code ?? cause?.message ?? 'broken off')
  return new PrometheusError(
    `Prometheus ${url} does not answer (${why}): see that it runs and that this address leads to it`,
    undefined,
    { cause: error },
  )
}

const foreign = (url: string, what: string, status?: number) =>
  new PrometheusError(
    `${url} is not a Prometheus: it ${what}; name the address below which /api/v1/query lies`,
    status,
  )

/** The `data` of an answer. */
function dataOf(url: string, response: Response, text: string): object {
  const { status } = response
  if (status === 401 || status === 403)
    throw new PrometheusError(
      `Prometheus ${url} does not accept the credentials (HTTP ${status}): set WEIR_PROMETHEUS_TOKEN, or WEIR_PROMETHEUS_USER and WEIR_PROMETHEUS_PASSWORD`,
      status,
    )
  const body = parsed(text)
  const { data, error, errorType } = body
  if (body.status === 'error')
    throw new PrometheusError(
      `Prometheus ${url} refused a query (${String(errorType)}: ${String(error).slice(0, 200)}): see its own log`,
      status,
    )
  if (status !== 200 || body.status !== 'success' || typeof data !== 'object' || data === null) {
    const type = response.headers.get('content-type')?.split(';')[0]
    throw foreign(url, `answered HTTP ${status}${type ? ` with ${type}` : ''}`, status)
  }
  return data
}

function parsed(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    // Not JSON, so not a Prometheus: the caller says so.
    return {}
  }
}

function readSeries(url: string, one: unknown): Series {
  const { metric, values } = (one ?? {}) as { metric?: unknown; values?: unknown }
  if (typeof metric !== 'object' || metric === null || !Array.isArray(values))
    throw foreign(url, 'answered a range query with something else')
  const labels = Object.fromEntries(Object.entries(metric).map(([name, value]) => [name, String(value)]))
  return { labels, values: values.map((pair) => [Number(pair?.[0]), Number(pair?.[1])] as const) }
}
