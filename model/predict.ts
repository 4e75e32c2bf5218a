import type { Prediction, Setting } from './types.ts'
import { blueGreen, rolling } from './update.ts'
import { ModelWorld } from './world.ts'

/** Plays an update in virtual time. The same setting gives the same prediction. Nothing is checked here: rates are whole numbers from 1. */
export function predict(setting: Setting, update: 'blue-green' | 'rolling' = 'blue-green'): Prediction {
  const world = new ModelWorld(setting)
  if (update === 'rolling') rolling(world)
  else blueGreen(world)
  return world.finish()
}
