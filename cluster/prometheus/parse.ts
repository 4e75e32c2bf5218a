/** What of a scrape goes into the record. Names differ between EMQX 4.4 and 5 (docs/contract/emqx.md#counters). */
export const KEPT_METRICS: ReadonlySet<string> = new Set([
  'emqx_connections_count',
  'emqx_connections_max',
  'emqx_live_connections_count',
  'emqx_live_connections_max',
  'emqx_sessions_count',
  'emqx_sessions_max',
  'emqx_subscriptions_count',
  'emqx_client_connected',
  'emqx_client_disconnected',
  'emqx_packets_connect',
  'emqx_packets_connack_sent',
  'emqx_packets_connack_error',
  'emqx_packets_disconnect_sent',
  'emqx_packets_disconnect_received',
  'emqx_session_created',
  'emqx_session_resumed',
  'emqx_session_discarded',
  'emqx_session_terminated',
  'emqx_session_takeovered',
  'emqx_session_takenover',
  'emqx_cluster_nodes_running',
  'emqx_cluster_nodes_stopped',
])

/**
 * The kept samples of one node's scrape. Samples with labels belong to another scope (a listener, another node of an
 * aggregated answer); a value that is not a number is left out rather than written as one.
 */
export function keepMetrics(text: string): Record<string, number> {
  const kept: Record<string, number> = {}
  for (const { name, labels, value } of parseExposition(text, KEPT_METRICS))
    if (Object.keys(labels).length === 0 && Number.isFinite(value)) kept[name] = value
  return kept
}

/** One line of an exposition that carries a value. */
export interface Sample {
  name: string
  labels: Readonly<Record<string, string>>
  value: number
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/
const LABEL = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y
const [SPACE, TAB, BRACE] = [32, 9, 123]
const ESCAPES: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' }
const VALUES: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  '+inf': Infinity,
  inf: Infinity,
  '-inf': -Infinity,
}

function readLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text)
    if (!match) return undefined
    labels[match[1]!] = match[2]!.replace(/\\[\\"n]/g, (pair) => ESCAPES[pair]!)
  }
  return labels
}

function readValue(text: string): number | undefined {
  const word = VALUES[text.toLowerCase()]
  if (word !== undefined) return word
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined
}

/** Where the name of a sample ends. */
function nameLength(line: string): number {
  let length = 0
  for (; length < line.length; length++) {
    const code = line.charCodeAt(length)
    if (code === SPACE || code === TAB || code === BRACE) break
  }
  return length
}

/**
 * Prometheus' text exposition, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). Comments,
 * HELP and TYPE lines are skipped; so are lines that are no samples, since one broken family must not hide the others.
 *
 * @param only names that are wanted: the lines of others are not looked into
 */
export function* parseExposition(text: string, only?: ReadonlySet<string>): Generator<Sample> {
  for (const raw of text.split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (only && !only.has(line.slice(0, nameLength(line)))) continue
    const match = LINE.exec(line)
    if (!match) continue
    const value = readValue(match[3]!)
    const labels = readLabels(match[2] ?? '')
    if (value !== undefined && labels !== undefined) yield { name: match[1]!, labels, value }
  }
}
