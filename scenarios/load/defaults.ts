import type { AssertRequest } from '#weir/facts/index.ts'
import type { Deadline, Scenario, Step } from '../types.ts'

/** How long a step may take when its scenario does not say. */
const DEADLINES: Readonly<Record<string, Deadline['deadlineSeconds']>> = {
  apply: 60,
  'start-fleet': 120,
  upgrade: 60,
  patch: 60,
  'cluster-ready': 300,
  'fleet-connected': 300,
  'clients-located': 120,
  'change-begun': 86_400,
  upgraded: 'formula',
}

/** The name by which a step is known in records and messages. */
export function stepName(step: Step): string {
  if ('action' in step) return step.action
  if ('waitFor' in step) return step.waitFor
  return 'hold' in step ? 'hold' : 'mark'
}

function withDeadline(step: Step): Step {
  if ('hold' in step || 'mark' in step) return step
  const whole = { ...step, deadlineSeconds: step.deadlineSeconds ?? DEADLINES[stepName(step)]! }
  return 'action' in whole && whole.action === 'patch'
    ? { ...whole, expect: whole.expect ?? 'accepted' }
    : whole
}

/** A scenario file that fits the schema, as the rest of the harness knows it: short forms written out. */
export function withDefaults(file: Record<string, unknown>): Scenario {
  const scenario = file as unknown as Omit<Scenario, 'assert'> & { assert: (string | AssertRequest)[] }
  return {
    ...scenario,
    steps: scenario.steps.map(withDeadline),
    assert: scenario.assert.map((one) => (typeof one === 'string' ? { id: one } : one)),
  }
}
