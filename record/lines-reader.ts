/**
 * The objects of a newline-delimited JSON text, ordered by `t`. Lines that cannot be read, or in which `problemOf` finds something, are left out and named in
 * `damage`; a last line without its newline was cut off by a crash.
 */
export function readLines<T extends { t: number }>(
  text: string,
  problemOf: (value: unknown) => string | undefined,
): { rows: T[]; damage: string[] } {
  const rows: T[] = []
  const damage: string[] = []
  let from = 0
  for (let line = 1; from < text.length; line++) {
    const newline = text.indexOf('\n', from)
    const to = newline < 0 ? text.length : newline
    const row = parsed<T>(text.slice(from, to))
    const problem = row === undefined ? 'it is no JSON object' : problemOf(row)
    if (row !== undefined && problem === undefined && Number.isFinite(row.t)) rows.push(row)
    else if (to > from)
      damage.push(
        newline < 0
          ? `the last line (${line}) is cut off`
          : `line ${line} cannot be read: ${problem ?? 'it has no time'}`,
      )
    from = to + 1
  }
  return { rows: sortedByTime(rows), damage }
}

function parsed<T>(line: string): T | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as T) : undefined
  } catch {
    // Damage is the caller's to report: it knows the line number.
    return undefined
  }
}

/** Stable: what happened in the same instant stays in the order in which it was written. */
export function sortedByTime<T extends { t: number }>(rows: T[]): T[] {
  for (let i = 1; i < rows.length; i++) if (rows[i]!.t < rows[i - 1]!.t) return rows.sort((a, b) => a.t - b.t)
  return rows
}
