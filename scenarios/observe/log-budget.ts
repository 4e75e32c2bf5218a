import type { LogRow } from '#weir/facts/index.ts'

const MIB = 1024 * 1024
/** One pod that prints without end must not leave the others nothing. */
const SHARE_OF_POD = 0.25

interface Omitted {
  lines: number
  bytes: number
}

/** By how much a row makes logs.ndjson longer: the names, the times and the escapes of each line count too. */
export const rowBytes = (row: LogRow): number => Buffer.byteLength(JSON.stringify(row)) + 1

/** How much of which pod's log may still be recorded, and what was left out. */
export class LogBudget {
  #leftBytes: number
  readonly #mostOfPod: number
  readonly #ofPod = new Map<string, number>()
  readonly #omitted = new Map<string, Omitted>()
  readonly #changed = new Set<string>()

  constructor(mib: number) {
    this.#leftBytes = mib * MIB
    this.#mostOfPod = this.#leftBytes * SHARE_OF_POD
  }

  /** True where a row of so many bytes may be recorded; otherwise it counts as left out. */
  admits(pod: string, bytes: number): boolean {
    const used = this.#ofPod.get(pod) ?? 0
    if (bytes <= this.#leftBytes && used + bytes <= this.#mostOfPod) {
      this.#leftBytes -= bytes
      this.#ofPod.set(pod, used + bytes)
      return true
    }
    const before = this.#omitted.get(pod) ?? { lines: 0, bytes: 0 }
    this.#omitted.set(pod, { lines: before.lines + 1, bytes: before.bytes + bytes })
    this.#changed.add(pod)
    return false
  }

  /** The pods of which more was left out since the last call, each with all that was. */
  takeOmitted(): [pod: string, Omitted][] {
    const changed = [...this.#changed].map((pod): [string, Omitted] => [pod, this.#omitted.get(pod)!])
    this.#changed.clear()
    return changed
  }
}
