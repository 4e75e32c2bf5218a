import { EnvelopeLevel } from '#weir/assertions/statistics/index.ts'

interface NodeEvictions {
  count: number
  /** Not yet in `level`: batches of several threads overlap in time, so they are put in order first. */
  pending: number[]
  level: EnvelopeLevel | undefined
}

/** Evictions by node, and how far each node is ahead of its configured rate. */
export class Evictions {
  readonly #nodes = new Map<string, NodeEvictions>()
  #ratePerSecond: number | undefined

  /** Undefined where no rate is known: nothing can be ahead of it then. */
  set ratePerSecond(rate: number | undefined) {
    this.#ratePerSecond = rate
  }

  /** `node`: undefined where it is unknown. */
  add(t: number, node = ''): void {
    const of = this.#nodes.get(node) ?? { count: 0, pending: [], level: undefined }
    this.#nodes.set(node, of)
    of.count++
    of.pending.push(t)
  }

  get counts(): [node: string, count: number][] {
    return [...this.#nodes].map(([node, { count }]) => [node, count])
  }

  /** Evictions whose node is unknown are left out: several nodes may have evicted them. */
  levels(t: number): { node: string; level: number; peak: number }[] {
    const rate = this.#ratePerSecond
    if (rate === undefined) return []
    return [...this.#nodes].flatMap(([node, of]) => {
      if (node === '') return []
      const level = of.level ?? new EnvelopeLevel(rate)
      of.level = level
      for (const at of of.pending.sort((a, b) => a - b)) level.add(at)
      of.pending = []
      return [{ node, level: level.at(t), peak: level.peak }]
    })
  }
}
