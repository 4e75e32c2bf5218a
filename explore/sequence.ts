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
  while (steps.length < ENOUGH && !(isAtRest(state) && state.isLittered)) {
    const effects = effectsOf(steps)
    const legal = KINDS.filter((kind) => kind.isLegal(state) && fitTogether(dialect, effects, kind.effects))
    const kind = weighted(legal, draw())
    const variant = Math.floor(draw() * (kind.variants ?? 1))
    steps.push({ kind: kind.name, variant })
    state = kind.after(state, variant)
  }
  return [...steps, ...closing(state)]
}

const isAtRest = ({ phase, isOperatorAway }: ClusterState) => phase === 'rest' && !isOperatorAway

/** One of at least one. */
function weighted(kinds: readonly Kind[], share: number): Kind {
  let left = share * kinds.reduce((total, { weight }) => total + weight, 0)
  const found = kinds.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  return found ?? kinds.at(-1)!
}
