import type { CrEvent } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/** What the resource asked for just before the change, and what it asked for last by `lastT`; older records do not say. */
function asked(run: RunView, lastT: number): { before?: CrEvent; last?: CrEvent } {
  const { trigger = 0 } = run.moments
  const all = run.of('cr')
  const before = all.findLast(({ t }) => t < trigger) ?? all[0]
  if (before === undefined) return {}
  // A watch that was late or lost still shows the resource as it was: that is no change back.
  const last = all.findLast(({ t, generation }) => t <= lastT && generation > before.generation)
  return { before, last }
}

/**
 * The version that the new pods must run by `lastT`, when the change is one of version: of a change that was corrected on the way, what
 * the resource asked for last.
 */
export function targetVersionOf(run: RunView, lastT: number): string | undefined {
  const { targetVersion } = run.parameters
  return targetVersion === undefined ? undefined : (asked(run, lastT).last?.version ?? targetVersion)
}

/** The version to which the resource returned by `lastT`: then the old pods are the ones to keep. */
export function takenBackTo(run: RunView, lastT: number): string | undefined {
  const { before, last } = asked(run, lastT)
  const isBack =
    run.parameters.targetVersion !== undefined &&
    last?.version !== undefined &&
    last.version === before?.version
  return isBack ? last?.version : undefined
}

/** When the change was corrected last, by `lastT`: the first report of the resource that asks for another version than the change did. */
export function correctedT(run: RunView, lastT: number): number | undefined {
  const { before, last } = asked(run, lastT)
  if (before === undefined || last?.version === undefined) return undefined
  const since = run.of('cr').filter(({ t, generation }) => t <= lastT && generation > before.generation)
  const other = since.findLastIndex(({ version }) => version !== undefined && version !== last.version)
  return other < 0 ? undefined : since[other + 1]?.t
}
