/** As long as an API server may be silent: then nothing that the run waits for can be seen any more. */
const LOST_SECONDS = 45

/** Told for the record's sake only: no wait looks at them. */
const DISPENSABLE: readonly string[] = ['Event', 'Service']

/** Which watches hear nothing, and since when; times are nanoseconds of the run's clock. */
export class Blindness {
  readonly #blind = new Map<string, { reason: string; sinceT: number }>()

  /** A gap is told when it begins and again when it ends. */
  gap(kind: string, reason: string, t: number): void {
    if (!this.#blind.delete(kind)) this.#blind.set(kind, { reason, sinceT: t })
  }

  /** Why the run cannot go on, when a watch that it cannot do without has been blind for too long. */
  lost(t: number): string | undefined {
    for (const [kind, { reason, sinceT }] of this.#blind) {
      const seconds = (t - sinceT) / 1e9
      if (seconds >= LOST_SECONDS && !DISPENSABLE.includes(kind))
        return `nothing has been heard of any ${kind} for ${Math.round(seconds)} s: ${reason}`
    }
    return undefined
  }
}
