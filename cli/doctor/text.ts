import type { Found } from '#weir/preflight/index.ts'
import { alignedRows } from '../table.ts'

/** All of one length: what one check finds does not move the lines of the others. */
const SHOWN = { ok: 'ok     ', warning: 'warning', missing: 'MISSING', unknown: 'unknown' } as const

/** One line a check: its state, what it looked at, what was found, and what to do about it. */
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
  const told = parts.length > 0 ? `: ${parts.join(', ')}` : ''
  if (count('missing') > 0) return `NOT FIT${told}`
  return count('unknown') > 0 ? `fit as far as can be seen${told}` : `fit${told}`
}

/** The same for programs. */
export function doctorJson(found: readonly Found[]): string {
  const checks = found.map(({ check, state, says, todo }) => ({
    check,
    state,
    says,
    ...(todo ? { todo } : {}),
  }))
  return JSON.stringify({ fit: !found.some(({ state }) => state === 'missing'), checks }, null, 2)
}
