const LOOK_EVERY_MS = 5
/** Generous: it ends a hang, it does not judge speed. */
const DEADLINE_MS = 60_000

/** Waits until `condition` holds. Fails with `what` when it never does. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_MS
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`it never came that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
