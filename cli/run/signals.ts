import { EXIT } from '#weir/errors/index.ts'

export interface Interruption {
  signal: AbortSignal
  /** Stops listening. */
  release(): void
}

/** npm and timeout(1) pass on a signal that the whole process group receives as well: within this it is the same one. */
const SAME_MS = 200

/**
 * The first SIGINT or SIGTERM aborts the signal, after `first`: the command ends in order. A second one ends the process at once,
 * after `last` (which must be synchronous).
 */
export function onInterrupt(
  first: (name: NodeJS.Signals) => void = () => undefined,
  last: () => void = () => undefined,
): Interruption {
  const controller = new AbortController()
  let firstMs = 0
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      if (performance.now() - firstMs < SAME_MS) return
      last()
      process.exit(EXIT.interrupted)
    }
    firstMs = performance.now()
    first(name)
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
