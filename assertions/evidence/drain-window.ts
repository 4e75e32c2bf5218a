import type { GaugeSamples } from './gauge-samples.ts'

/** The part of a gauge's readings in which its node was being drained: indices, both inclusive. */
export interface DrainWindow {
  first: number
  last: number
  fromValue: number
  toValue: number
}

const NOISE = 0.02

/**
 * From the last reading at the level from which the gauge then fell, to the first at the level to which it fell.
 * `fromT`, `untilT`: what the gauge does before and after is something else, e.g. session eviction. Undefined when it
 * fell by less than `least`.
 */
export function drainWindow(
  samples: GaugeSamples,
  least: number,
  fromT: number,
  untilT: number,
): DrainWindow | undefined {
  const { value, t } = samples
  let end = t.length
  while (end > 0 && t[end - 1]! > untilT) end--
  // The last reading before is the level from which it falls.
  let begin = 0
  while (begin + 1 < end && t[begin + 1]! <= fromT) begin++
  let top = begin
  for (let i = begin; i < end; i++) if (value[i]! >= value[top]!) top = i
  let bottom = top
  for (let i = top; i < end; i++) if (value[i]! < value[bottom]!) bottom = i
  if (end === 0 || value[top]! - value[bottom]! < least) return undefined
  // A level is not perfectly flat: a probe comes and goes.
  const noise = NOISE * (value[top]! - value[bottom]!)
  const [high, low] = [value[top]! - noise, value[bottom]! + noise]
  while (top + 1 < bottom && value[top + 1]! >= high) top++
  while (bottom - 1 > top && value[bottom - 1]! <= low) bottom--
  return { first: top, last: bottom, fromValue: value[top]!, toValue: value[bottom]! }
}
