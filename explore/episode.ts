import { kindOf } from './kinds/index.ts'
import { startState } from './start.ts'
import { fitTogether } from './together.ts'
import type { ClusterState, Dialect, Effect, Episode, SequenceStep } from './types.ts'

export const effectsOf = (steps: readonly SequenceStep[]): Effect[] =>
  steps.flatMap((step) => kindOf(step).effects)

/** The state before each step, and the one after the last; undefined where a step is not legal, or two do not fit together. */
export function statesOf({ dialect, steps }: Episode): ClusterState[] | undefined {
  const states = [startState(dialect)]
  for (const [index, step] of steps.entries()) {
    const state = states.at(-1)!
    const kind = kindOf(step)
    if (!kind.isLegal(state)) return undefined
    if (!fitTogether(dialect, effectsOf(steps.slice(0, index)), kind.effects)) return undefined
    states.push(kind.after(state, step.variant))
  }
  return states
}

/** What brings a cluster to rest. */
const ENDS: Readonly<Record<ClusterState['phase'], (state: ClusterState) => string | undefined>> = {
  rest: () => undefined,
  updating: ({ pauses }) => (pauses > 0 ? 'go-on' : 'finish'),
  held: () => 'give-up',
  emptied: () => 'scale-in',
  stopped: () => 'start',
}

/**
 * The steps that are legal where they stand, with whatever they lack to be an episode: a change at the beginning, from which on it is judged,
 * and an end with the cluster at rest. A step without the one that it rests on falls away. Undefined where none is left.
 */
export function whole(dialect: Dialect, steps: readonly SequenceStep[]): Episode | undefined {
  const legal: SequenceStep[] = []
  for (const step of steps) {
    if (isLegalAfter(dialect, legal, step)) legal.push(step)
    else if (legal.length === 0 && isLegalAfter(dialect, [BEGIN], step)) legal.push(BEGIN, step)
  }
  if (legal.length === 0) return undefined
  return { dialect, steps: [...legal, ...closing(statesOf({ dialect, steps: legal })!.at(-1)!)] }
}

/** A change that changes nothing. */
const BEGIN: SequenceStep = { kind: 'same-version', variant: 0 }

const isLegalAfter = (dialect: Dialect, steps: readonly SequenceStep[], step: SequenceStep): boolean =>
  statesOf({ dialect, steps: [...steps, step] }) !== undefined

/** The steps that bring the cluster to rest from here. */
export function closing(state: ClusterState): SequenceStep[] {
  const name = state.isOperatorAway ? 'start-operator' : ENDS[state.phase](state)
  if (name === undefined) return []
  const step = { kind: name, variant: 0 }
  return [step, ...closing(kindOf(step).after(state, 0))]
}
