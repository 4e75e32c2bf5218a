import { readFileSync } from 'node:fs'
import { projectFile } from '../support/project-file.ts'

/** One line of the graph: a value a scrape, ten seconds apart, in seconds after 11:15:00. */
export type Line = { t: number; value: number }[]
export type Trace = Record<string, Line>

/** The graph's scrapes fall on 6 s after each full ten: there its staircases have their steps. */
const PHASE = 6
const STEP = 10

/**
 * What docs/contract/upgrade.md#graph says of the lines where the picture hides them: a plateau under another line, or the tooltip
 * that covers everything from 335 to 398 s. A blank is a hidden line, not a zero and not a failed scrape, so these
 * stretches are put back; what is visible is never touched.
 */
const STATED: Trace = {
  'old-2': [{ t: 83, value: 999 }],
  'old-1': [
    { t: -20, value: 999 },
    { t: 229, value: 999 },
  ],
  'old-0': [
    { t: -20, value: 999 },
    { t: 359, value: 999 },
  ],
  'new-0': [
    { t: 65, value: 0 },
    { t: 83, value: 0 },
    { t: 194, value: 333 },
    { t: 229, value: 333 },
    { t: 342, value: 667 },
    { t: 359, value: 667 },
    { t: 478, value: 1000 },
  ],
  'new-2': [
    { t: 65, value: 0 },
    { t: 83, value: 0 },
    { t: 194, value: 333 },
    { t: 229, value: 333 },
    { t: 342, value: 667 },
    { t: 359, value: 667 },
    { t: 478, value: 1000 },
  ],
}

/** The Prometheus graph of the operator's documentation, read off the picture (docs/contract/upgrade.md#graph). */
export function goldenTrace(): Trace {
  const text = readFileSync(projectFile('tests/fixtures/golden-trace.csv'), 'utf8')
  const [head = '', ...rows] = text.trim().split(/\r?\n/)
  const trace: Trace = {}
  head
    .split(',')
    .slice(1)
    .forEach((name, column) => {
      const visible = rows.flatMap((row) => {
        const cells = row.split(',')
        const cell = cells[column + 1]
        return cell ? [{ t: Number(cells[0]), value: Number(cell) }] : []
      })
      trace[name] = scraped(withStated(visible, STATED[name] ?? []))
    })
  // The picture draws new-1 under new-0: one line for both.
  trace['new-1'] = (trace['new-0'] ?? []).map((reading) => ({ ...reading }))
  return trace
}

function withStated(visible: Line, stated: Line): Line {
  const seen = new Set(visible.map(({ t }) => t))
  return [...visible, ...stated.filter(({ t }) => !seen.has(t))].sort((a, b) => a.t - b.t)
}

/** One reading a scrape, from the readings on both sides of its instant. */
function scraped(readings: Line): Line {
  const line: Line = []
  const first = readings[0]?.t ?? 0
  const last = readings.at(-1)?.t ?? 0
  for (let t = Math.ceil((first - PHASE) / STEP) * STEP + PHASE; t <= last; t += STEP) {
    const after = readings.find((reading) => reading.t >= t)
    const before = readings.findLast((reading) => reading.t <= t)
    if (!after || !before) continue
    const share = after.t === before.t ? 0 : (t - before.t) / (after.t - before.t)
    line.push({ t, value: Math.round(before.value + share * (after.value - before.value)) })
  }
  return line
}
