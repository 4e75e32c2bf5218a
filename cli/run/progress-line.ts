import type { Progress } from '#weir/scenarios/index.ts'

/** The run in one line of at most `columns` characters, the most important first. */
export function progressLine(progress: Progress, columns: number): string {
  const seconds = Math.floor(progress.elapsedS)
  const parts = [
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`,
    progress.phase,
    ...(progress.clients > 0
      ? [
          `${progress.online}/${progress.clients} online`,
          `${Math.round(progress.attemptsPerSecond)} attempts/s`,
        ]
      : []),
  ]
  const { evacuating, message } = progress
  if (evacuating) parts.push(`${evacuating.node} ${evacuating.state} ${evacuating.current}`)
  if (message) parts.push(message)
  const line = parts.join('  ')
  return line.length > columns ? `${line.slice(0, Math.max(columns - 1, 0))}…` : line
}
