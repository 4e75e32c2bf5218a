import type { RunView } from '#weir/record/view/index.ts'

/** The same function, computed once for each view: several assertions ask for the same evidence. */
export function oncePerRun<T>(derive: (run: RunView) => T): (run: RunView) => T {
  const known = new WeakMap<RunView, T>()
  return (run) => {
    const found = known.get(run)
    if (found !== undefined) return found
    const derived = derive(run)
    known.set(run, derived)
    return derived
  }
}

/** Computed when it is first needed, and only then. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
