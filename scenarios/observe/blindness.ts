/** As for the API server: after this long the run cannot observe what it waits for. */
const LOST_SECONDS = 45

/** Only recorded: no wait depends on them. */
const DISPENSABLE: readonly string[] = ['Event', 'Service']

/** The watches with a gap, and since when; times are nanoseconds of the run's clock. */
export class Blindness {
  readonly #blind = new Map<string, { reason: string; sinceT: number }>()

  gap(phase: 'begin' | 'goes-on' | 'end', kind: string, reason: string, t: number): void {
    if (phase === 'end') this.#blind.delete(kind)
    else this.#blind.set(kind, { reason, sinceT: this.#blind.get(kind)?.sinceT ?? t })
  }

  /** Why the run cannot continue, if a needed watch has had a gap for too long. */
  lost(t: number): string | undefined {
    for (const [kind, { reason, sinceT }] of this.#blind) {
      const seconds = (t - sinceT) / 1e9
      if (seconds >= LOST_SECONDS && !DISPENSABLE.includes(kind))
        return `no news of any ${kind} for ${Math.round(seconds)} s: ${reason}`
    }
    return undefined
  }
}
