import type { Found } from '#weir/preflight/index.ts'
import { alignedRows } from '../table.ts'

/** All of the same length, so that the columns do not depend on the states. */
const SHOWN = { ok: 'ok     ', warning: 'warning', missing: 'MISSING', unknown: 'unknown' } as const

/** One line per check: its state, its title, the finding, and what to do about it. */
export function doctorText(found: readonly Found[], columns: number): string {
  const rows = found.map(({ state, title, says, todo }) => [
    SHOWN[state],
    title,
    todo ? `${says}: ${todo}` : says,
  ])
  return `${alignedRows(rows, columns)}\n\n${summary(found)}`
}

function summary(found: readonly Found[]): string {
  const count = (state: Found['state']) => found.filter((one) => one.state === state).length
  const parts = [
    [count('missing'), 'missing'],
    [count('unknown'), 'unknown'],
    [count('warning'), count('warning') === 1 ? 'warning' : 'warnings'],
  ].flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`]))
  const counts = parts.length > 0 ? `: ${parts.join(', ')}` : ''
  if (count('missing') > 0) return `NOT FIT${counts}`
  return count('unknown') > 0 ? `fit as far as could be checked${counts}` : `fit${counts}`
}

/** The same as JSON; the keys are stable. */
export function doctorJson(found: readonly Found[]): string {
  const checks = found.map(({ check, state, says, todo }) => ({
    check,
    state,
    says,
    ...(todo ? { todo } : {}),
  }))
  return JSON.stringify({ fit: !found.some(({ state }) => state === 'missing'), checks }, null, 2)
}
