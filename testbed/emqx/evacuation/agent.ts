import type { Evacuation } from './machine.ts'

/** What a donor knows of the rebalance that it takes part in. */
export interface Rebalancing {
  /** New clients are refused: not yet while the node waits for health checks to notice. */
  readonly refuses: boolean
}

/**
 * The eviction agent of a node, which serves one process at a time: the node's own evacuation, or a rebalance in which it gives clients
 * away. Enabled, it calls the node not available.
 */
export class EvictionAgent<Of extends Rebalancing> {
  readonly #evacuation: Evacuation
  #rebalance: Of | undefined

  constructor(evacuation: Evacuation) {
    this.#evacuation = evacuation
  }

  get enabled(): boolean {
    return this.#evacuation.enabled || this.#rebalance !== undefined
  }

  get refuses(): boolean {
    return this.#evacuation.refuses || this.#rebalance?.refuses === true
  }

  get serverReference(): string | undefined {
    return this.#evacuation.serverReference
  }

  /** The rebalance in which the node is a donor. */
  get rebalance(): Of | undefined {
    return this.#rebalance
  }

  serve(rebalance: Of): void {
    this.#rebalance = rebalance
  }

  release(rebalance: Of): void {
    if (this.#rebalance === rebalance) this.#rebalance = undefined
  }
}
