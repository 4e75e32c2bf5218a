import type { Progress } from '#weir/scenarios/index.ts'
import type { Output } from '../output.ts'
import { ProgressDisplay } from './progress-display.ts'
import { onInterrupt } from './signals.ts'

export interface Watch {
  onProgress(progress: Progress): void
  /** Aborts when the user ends the run. */
  signal: AbortSignal
  /** Erases the live line. */
  clear(): void
}

/** Runs `act`, shows its progress, and handles Ctrl-C; `last` runs at the second one. */
export async function underWatch(
  output: Output,
  last: () => void,
  act: (watch: Watch) => Promise<void>,
): Promise<void> {
  const display = new ProgressDisplay(output)
  const { signal, release } = onInterrupt(
    (name) => display.note(`weir: ${name}: closing and judging the record; press again to end at once`),
    last,
  )
  try {
    await act({
      onProgress: (progress) => display.update(progress),
      signal,
      clear: () => display.clear(),
    })
  } finally {
    display.clear()
    release()
  }
}
