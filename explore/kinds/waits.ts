import type { StepText } from '../types.ts'

/** Far above what a step takes, so that what never ends is found soon. Seconds. */
const DEADLINE = 60

export const wait = (waitFor: string): StepText => ({ waitFor, deadlineSeconds: DEADLINE })
export const hold = (seconds: number): StepText => ({ hold: { seconds } })

/** The cluster is as asked, and every client is there. */
export const settled: readonly StepText[] = [
  wait('running'),
  wait('members-running'),
  wait('fleet-connected'),
  wait('clients-located'),
]
