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
