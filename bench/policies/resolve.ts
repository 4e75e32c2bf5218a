import { usageError } from '#weir/errors/index.ts'
import type { ReconnectSpec } from '../types.ts'
import type { Loss, NextWait, ReconnectPolicy, Wait } from './policy.ts'
import { PRESET_NAMES, PRESETS, type PresetName } from './presets.ts'
import { exponential, fixed, jittered, limited } from './shapes.ts'

/** The policy that a scenario or a flag names. Throws WEIR_USAGE for an unknown preset or numbers that make no sense. */
export function resolvePolicy(spec: ReconnectSpec): ReconnectPolicy {
  if ('preset' in spec) return preset(spec.preset)
  requireNumber('baseMs', spec.baseMs)
  requireNumber('capMs', spec.capMs)
  requireNumber('tries', spec.tries)
  if (spec.factor !== undefined && !(spec.factor >= 1))
    throw usageError(`reconnect: factor is ${spec.factor} but must be 1 or more`)
  const shape = spec.kind === 'fixed' ? fixedShape(spec) : exponential(spec)
  return { name: spec.kind, nextWait: spec.tries === undefined ? shape : limited(shape, spec.tries) }
}

function preset(name: string): ReconnectPolicy {
  const found = Object.hasOwn(PRESETS, name) ? PRESETS[name as PresetName] : undefined
  if (!found)
    throw usageError(`there is no reconnect policy "${name}": use one of ${PRESET_NAMES.join(', ')}`)
  return { name, ...found }
}

type CustomSpec = Exclude<ReconnectSpec, { preset: string }>

/** A fixed wait may be jittered too; decorrelated jitter grows, so it makes an exponential policy of it. */
function fixedShape(spec: CustomSpec): NextWait {
  const { jitter = 'none', baseMs } = spec
  if (jitter === 'decorrelated') return exponential(spec)
  return jitter === 'none'
    ? fixed(baseMs)
    : (_attempt, _lastWaitMs, random) => jittered(baseMs, jitter, random)
}

function requireNumber(name: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0 && Number.isFinite(value)))
    throw usageError(`reconnect: ${name} is ${value} but must be a number from 0 up`)
}

const JUST_BELOW_ONE = 1 - 2 ** -32

/**
 * The shortest and the longest wait before the first reconnect: T_r of the assertions' bounds (0 and 0 for a policy that
 * never reconnects). Policies are monotone in the random number, so 0 and 1 give both ends. `evictions`: connections lost
 * in a row, which lengthens some waits.
 */
export function firstWait(
  policy: ReconnectPolicy | ReconnectSpec,
  evictions = 1,
): { minMs: number; maxMs: number } {
  const { nextWait, notes = 0 } = 'nextWait' in policy ? policy : resolvePolicy(policy)
  const low = milliseconds(nextWait(1, 0, () => 0))
  const high = milliseconds(nextWait(1, 0, () => JUST_BELOW_ONE))
  let maxMs = Math.max(low, high)
  const loss: Loss = {
    atMs: 0,
    connectedMs: 0,
    reason: 'disconnect-packet',
    notes: new Float64Array(notes),
  }
  for (let i = 0; i < evictions; i++)
    maxMs = Math.max(maxMs, milliseconds(nextWait(1, 0, () => JUST_BELOW_ONE, loss)))
  return { minMs: Math.min(low, high), maxMs: Math.ceil(maxMs) }
}

function milliseconds(wait: Wait): number {
  return wait === 'stop' ? 0 : wait
}
