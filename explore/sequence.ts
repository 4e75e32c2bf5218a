import { uniform } from '#weir/bench/random/uniform.ts'
import { closing, effectsOf } from './episode.ts'
import { KINDS } from './kinds/index.ts'
import { startState } from './start.ts'
import { fitTogether } from './together.ts'
import type { ClusterState, Dialect, Episode, Kind, SequenceStep } from './types.ts'

/** After so many steps an episode gets only those that bring its cluster to rest: a longer one would only cost more to shrink. */
const ENOUGH = 7

/** Draws of other parts of weir have streams below this. */
const STREAM = 0xffff_0010

/**
 * Episodes without end, in which each step is drawn from those that are legal after the ones before it. The same seed gives the same
 * steps; nothing of it is by the clock.
 */
export function* episodes(dialect: Dialect, seed: number): Generator<Episode, never> {
  let draws = 0
  const draw = () => uniform(seed, STREAM, draws++)
  for (;;) yield { dialect, steps: drawn(dialect, draw) }
}

function drawn(dialect: Dialect, draw: () => number): SequenceStep[] {
  const steps: SequenceStep[] = []
  let state: ClusterState = startState(dialect)
  const add = (step: SequenceStep, kind: Kind) => {
    steps.push(step)
    state = kind.after(state, step.variant)
  }
  for (;;) {
    const legal = KINDS.filter((kind) => kind.isLegal(state))
    const kind = weighted(legal, draw())
    const isRest = state.phase === 'rest' && !state.isOperatorAway
    const isEnough = steps.length >= ENOUGH || (isRest && state.isLittered)
    if (isEnough || !kind) break
    if (fitTogether(dialect, effectsOf(steps), kind.effects))
      add({ kind: kind.name, variant: Math.floor(draw() * (kind.variants ?? 1)) }, kind)
    // What does not fit belongs to the next episode.
    else if (isRest) break
  }
  return [...steps, ...closing(state)]
}

function weighted(kinds: readonly Kind[], share: number): Kind | undefined {
  const sum = kinds.reduce((total, { weight }) => total + weight, 0)
  let left = share * sum
  return kinds.find(({ weight }) => {
    left -= weight
    return left < 0
  })
}
