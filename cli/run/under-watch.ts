import type { Progress } from '#weir/scenarios/index.ts'
import type { Output } from '../output.ts'
import { ProgressDisplay } from './progress-display.ts'
import { onInterrupt } from './signals.ts'

/** What a run needs of whoever watches it. */
export interface Watch {
  onProgress(progress: Progress): void
  /** Aborts when the user ends the run. */
  signal: AbortSignal
  /** Takes the live line away. */
  clear(): void
}

/** Does something long while its progress is shown and Ctrl-C is heard; `last` is for who presses it twice. */
export async function underWatch(
  output: Output,
  last: () => void,
  act: (watch: Watch) => Promise<void>,
): Promise<void> {
  const display = new ProgressDisplay(output)
  const { signal, release } = onInterrupt(
    (name) => display.say(`weir: ${name}: closing the record and judging it; once more to end at once`),
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
