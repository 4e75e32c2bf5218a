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
