import type { NextWait } from './policy.ts'

/** The attempts since the delay was last reset. */
export const AWS_IOT_NOTES = 1

const BASE_MS = 1000
const LONGEST_MS = 120_000
const STEADY_MS = 30_000
/** Beyond it 2^n is no number that matters. */
const MOST_DOUBLINGS = 63

/**
 * aws-c-mqtt's MQTT 5 client (mqtt5_client.c): uniform from 0 to 1 s × 2^n, and only then cut off at 120 s, so that most waits are
 * exactly 120 s from the ninth on. A connection resets n when it has stood for 30 s, and not before.
 */
export const awsIot: NextWait = (attempt, _lastWaitMs, random, loss) => {
  let doublings = attempt - 1
  if (loss) {
    doublings = loss.connectedMs >= STEADY_MS ? 0 : loss.notes[0]!
    loss.notes[0] = Math.min(MOST_DOUBLINGS, doublings + 1)
  }
  return Math.min(LONGEST_MS, BASE_MS * 2 ** Math.min(MOST_DOUBLINGS, doublings) * random())
}
