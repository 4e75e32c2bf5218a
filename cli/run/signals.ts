import { EXIT } from '#weir/errors/index.ts'

export interface Interruption {
  signal: AbortSignal
  /** Stops listening. */
  release(): void
}

/**
 * SIGINT and SIGTERM end a run in order: its record is closed and judged. Who sends a second one has waited long
 * enough: the process ends at once, after `last` (which must be synchronous), with what was flushed to disk so far.
 */
export function onInterrupt(say: (text: string) => void, last: () => void): Interruption {
  const controller = new AbortController()
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      last()
      process.exit(EXIT.interrupted)
    }
    say(`weir: ${name}: closing the record and judging it; once more to end at once`)
    controller.abort(new Error(name))
  }
  process.on('SIGINT', handle)
  process.on('SIGTERM', handle)
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', handle)
      process.off('SIGTERM', handle)
    },
  }
}
