import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type LoopHealth, loopHealthOf } from './loop-health.ts'

const PROBE_MS = 20

/** Measures the event loop of the thread that makes it. */
export class LoopProbe {
  readonly #delays = monitorEventLoopDelay({ resolution: PROBE_MS })
  #readMs = performance.now()

  constructor() {
    this.#delays.enable()
  }

  /** Since the reading before. */
  read(): LoopHealth {
    const nowMs = performance.now()
    const health = loopHealthOf(this.#delays, PROBE_MS, nowMs - this.#readMs)
    this.#readMs = nowMs
    this.#delays.reset()
    return health
  }

  stop(): void {
    this.#delays.disable()
  }
}
