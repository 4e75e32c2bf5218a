import { joinedLoopHealth, type LoopHealth } from '#weir/facts/index.ts'
import { HEALTH_MS } from './messages.ts'

/** Silent for longer than this is stuck: two reports are missing. */
const SILENT_MS = 3 * HEALTH_MS

const NONE: LoopHealth = { watchedMs: 0, lateMs: 0, loopDelayP99Ms: 0, loopDelayMaxMs: 0 }

/** How the testbed's process is doing, from its reports. */
export class ChildHealth {
  readonly #nowMs: () => number
  #heardMs: number
  #readMs: number
  #since: LoopHealth = NONE

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
    this.#heardMs = nowMs()
    this.#readMs = this.#heardMs
  }

  heard(loop: LoopHealth): void {
    this.#heardMs = this.#nowMs()
    this.#since = joinedLoopHealth(this.#since, loop)
  }

  /** Since the reading before. */
  read(): LoopHealth {
    const nowMs = this.#nowMs()
    const silentMs = nowMs - this.#heardMs
    const elapsedMs = nowMs - this.#readMs
    const since = this.#since
    this.#readMs = nowMs
    this.#since = NONE
    if (silentMs < SILENT_MS) return since
    const lateMs = Math.min(silentMs, elapsedMs)
    return joinedLoopHealth(since, {
      watchedMs: lateMs,
      lateMs,
      loopDelayP99Ms: silentMs,
      loopDelayMaxMs: silentMs,
    })
  }
}
