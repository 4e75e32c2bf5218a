type Stop = () => Promise<void>

/** What must be stopped when a run ends, last first. */
export class CleanUp {
  readonly #stops: Stop[] = []
  readonly #undos: Stop[] = []
  #over = false

  /** What is added after the end (a fleet that was still starting when its step timed out) is stopped at once. */
  add(stop: Stop): void {
    if (this.#over) void stop().catch(() => {})
    else this.#stops.push(stop)
  }

  /** What the run has taken from the cluster, such as its operator: given back before anything else. */
  addUndo(undo: Stop): void {
    if (this.#over) void undo().catch(() => {})
    else this.#undos.push(undo)
  }

  /** Calls every undo in turn through `attempt`, which must not throw, each once. */
  async undo(attempt: (undo: Stop) => Promise<void>): Promise<void> {
    for (const undo of this.#undos.splice(0).toReversed()) await attempt(undo)
  }

  /** Calls every stop in turn through `attempt`, which must not throw. */
  async all(attempt: (stop: Stop) => Promise<void>): Promise<void> {
    this.#over = true
    await this.undo(attempt)
    for (const stop of this.#stops.toReversed()) await attempt(stop)
  }
}
