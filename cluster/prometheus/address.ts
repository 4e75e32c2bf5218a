import { WeirError } from '#weir/errors/index.ts'

/** What a Prometheus, or what stands in front of it, asks for. */
export type PrometheusCredentials = { username: string; password: string } | { token: string }

export interface PrometheusAddress {
  /** The address below which /api/v1 lies; without credentials, for display and records. */
  url: string
  credentials?: PrometheusCredentials
}

/**
 * Takes the user and the password out of a Prometheus' address; without them `credentials` apply. Throws WEIR_USAGE, without repeating
 * what may be a secret.
 */
export function readPrometheusAddress(text: string, credentials?: PrometheusCredentials): PrometheusAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new WeirError(
      'WEIR_USAGE',
      'the Prometheus address is not an http or https URL: write it like http://prometheus.example:9090',
    )
  if (url.search || url.hash)
    throw new WeirError(
      'WEIR_USAGE',
      `the address of the Prometheus ${url.origin} has a query or a fragment: leave it out; credentials belong in the environment`,
    )
  const { username, password } = url
  const bare = url.origin + url.pathname.replace(/\/+$/, '')
  if (username === '' && password === '') return { url: bare, ...(credentials && { credentials }) }
  return { url: bare, credentials: { username: decoded(username), password: decoded(password) } }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new WeirError(
      'WEIR_USAGE',
      'the user or the password in the Prometheus address has a % that encodes nothing: write %25, or use WEIR_PROMETHEUS_USER and WEIR_PROMETHEUS_PASSWORD',
    )
  }
}
