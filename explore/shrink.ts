import { whole } from './episode.ts'
import type { Episode, SequenceStep } from './types.ts'

/**
 * Removes steps for as long as what is left still fails: halves first, then smaller parts (delta debugging, Zeller and Hildebrandt 2002). What is
 * left is made whole again, so every candidate is legal and ends at rest. `fails` runs a candidate; `budget` is how many may be run. No
 * candidate is run twice.
 */
export async function shrink(
  episode: Episode,
  fails: (candidate: Episode) => Promise<boolean>,
  budget: number,
): Promise<Episode> {
  const tried = new Set([keyOf(episode)])
  let left = budget
  let best = episode
  let parts = 2
  while (best.steps.length > 1 && parts <= best.steps.length) {
    const smaller = await firstThatFails(best, parts)
    if (smaller) {
      best = smaller
      parts = Math.min(Math.max(2, parts - 1), best.steps.length)
    } else if (left === 0) break
    else if (parts === best.steps.length) break
    else parts = Math.min(best.steps.length, parts * 2)
  }
  return best

  async function firstThatFails({ dialect, steps }: Episode, count: number): Promise<Episode | undefined> {
    for (const kept of without(steps, count)) {
      const candidate = whole(dialect, kept)
      if (!candidate || candidate.steps.length >= steps.length || tried.has(keyOf(candidate))) continue
      if (left === 0) return undefined
      left--
      tried.add(keyOf(candidate))
      if (await fails(candidate)) return candidate
    }
    return undefined
  }
}

const keyOf = ({ steps }: Episode): string => steps.map(({ kind, variant }) => `${kind}:${variant}`).join(' ')

/** The steps without each of `count` parts, the last part first: what came last is likeliest to be no cause. */
function without(steps: readonly SequenceStep[], count: number): SequenceStep[][] {
  const size = Math.ceil(steps.length / count)
  const parts = Math.ceil(steps.length / size)
  return Array.from({ length: parts }, (_, index) => parts - 1 - index).map((part) =>
    steps.filter((_, at) => Math.floor(at / size) !== part),
  )
}
