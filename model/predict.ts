import type { Prediction, Setting } from './types.ts'
import { blueGreen, rolling } from './update.ts'
import { ModelWorld } from './world.ts'

export type Update = 'blue-green' | 'rolling'

/** How many clients may all be played several times: with more of them the most attempts within a second hardly depend on chance. */
const FEW_CLIENTS = 20_000
const PLAYS = 9

/** Plays an update in virtual time. The same setting gives the same prediction. Nothing is checked here: rates are whole numbers from 1. */
export function predict(setting: Setting, update: Update = 'blue-green'): Prediction {
  const first = play(setting, update)
  if (setting.clients > FEW_CLIENTS) return first
  const others = Array.from({ length: PLAYS - 1 }, (_, i) =>
    play({ ...setting, seed: setting.seed + i + 1 }, update),
  )
  const usual = (figure: 'attemptsPerSecond' | 'attemptsPerSecondOfNode') =>
    median([first, ...others].map((one) => one[figure]))
  return {
    ...first,
    attemptsPerSecond: usual('attemptsPerSecond'),
    attemptsPerSecondOfNode: usual('attemptsPerSecondOfNode'),
  }
}

function play(setting: Setting, update: Update): Prediction {
  const world = new ModelWorld(setting)
  if (update === 'rolling') rolling(world)
  else blueGreen(world)
  return world.finish()
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!
