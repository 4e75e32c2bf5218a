type Stop = () => Promise<void>

/** What must be stopped when a run ends, last first. */
export class CleanUp {
  readonly #stops: Stop[] = []
  #over = false

  /** What is added after the end (a fleet that was still starting when its step timed out) is stopped at once. */
  add(stop: Stop): void {
    if (this.#over) void stop().catch(() => {})
    else this.#stops.push(stop)
  }

  /** Calls every stop in turn through `attempt`, which must not throw. */
  async all(attempt: (stop: Stop) => Promise<void>): Promise<void> {
    this.#over = true
    for (const stop of this.#stops.toReversed()) await attempt(stop)
  }
}
