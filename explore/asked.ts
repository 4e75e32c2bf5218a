import type { AssertionId } from '#weir/facts/index.ts'
import { effectsOf } from './episode.ts'
import type { Asked, Effect, Episode } from './types.ts'

/** What holds after every step, whatever it was. */
const ALWAYS: readonly AssertionId[] = ['conservation', 'gauge-truth', 'harness-healthy']
/** A stopped cluster serves nobody. */
const SERVED: readonly AssertionId[] = ['messages', 'available']
/** Clients move, and at a rate. */
const MOVES: readonly AssertionId[] = [
  ...(['eviction-envelope', 'no-storm', 'amplification', 'offline-peak', 'downtime', 'refusals'] as const),
  ...(['drained-before-delete', 'session-kept', 'wills', 'suback'] as const),
]
/** These are of one update, from the change to its end. */
const ONE_UPDATE: readonly AssertionId[] = [
  ...(['eviction-floor', 'evacuation-serial', 'evacuation-states', 'initial-delay', 'landing'] as const),
  ...(['switch-before-evict', 'undisturbed-before', 'status-truth', 'status-shape'] as const),
  ...(['all-new', 'duration'] as const),
]

/** What cannot be asked beside an effect: docs/exploration.md says why. */
const NOT_BESIDE: Readonly<Partial<Record<Effect, readonly AssertionId[]>>> = {
  'api-server-gone': ['switch-before-evict', 'status-truth', 'state-truth'],
  'emqx-api-gone': ['evacuation-states', 'eviction-floor'],
  'operator-gone': ['duration'],
  held: ['state-truth', 'membership-exact'],
  // The drains that are left may be too short.
  kill: ['eviction-floor'],
  // The resource shows it with the operator's next look, which may be 30 s later.
  'kill-at-rest': ['state-truth'],
  stop: ['state-truth'],
}

/** A node of EMQX that has left is listed as stopped for so long, and longer. Seconds. */
const LISTED = 900

/** The assertions that an episode is asked, with their bounds. */
export function askedOf({ dialect, steps }: Episode): Asked {
  const effects = effectsOf(steps)
  const count = (effect: Effect) => effects.filter((one) => one === effect).length
  const has = (effect: Effect) => effects.includes(effect)
  const updates = count('update') + count('changed-on-the-way')
  const moves = updates + count('evacuation')
  const isCalm = moves === 0 && !has('idle-evacuation') && !has('stop') && !has('kill')
  // What is judged of an update begins with the first change: a node killed before it would be the first that is evicted.
  const isOneUpdate =
    count('update') === 1 && moves === 1 && !has('scale') && !has('held') && !has('kill-at-rest')
  const ids: AssertionId[] = [
    ...ALWAYS,
    'membership-exact',
    'state-truth',
    ...(has('stop') ? (['stopped'] as const) : SERVED),
    ...(isCalm ? (['untouched'] as const) : []),
    ...(has('held') && isCalm && !has('scale') ? (['as-before'] as const) : []),
    ...(moves > 0 ? (['hops', ...MOVES] as const) : []),
    ...(isOneUpdate ? ONE_UPDATE : []),
  ]
  const without = new Set(effects.flatMap((effect) => NOT_BESIDE[effect] ?? []))
  // The operator of v2beta1 does not look, and the Service goes on to lead every second client to the node that refuses: several in a row, now and then.
  if (dialect === 'v2beta1' && (has('evacuation') || has('idle-evacuation'))) without.add('available')
  // A pod of v1beta4 is ready before EMQX in it has started, and the Service leads every second client there for some seconds.
  if (dialect === 'v1beta4' && has('kill')) without.add('available')
  const coverage = has('emqx-api-gone') ? 0.7 : has('kill') || has('stop') ? 0.8 : undefined
  const covered = coverage !== undefined && { bounds: { coverage } }
  const isListed =
    updates > 0 || ((has('evacuation') || has('idle-evacuation')) && dialect === 'v1beta4') || has('kill')
  const bounds: Partial<Record<AssertionId, object>> = {
    ...(covered && { 'gauge-truth': covered, 'harness-healthy': covered }),
    ...(isListed && { 'membership-exact': { bounds: { stoppedSeconds: LISTED } } }),
    ...(moves > 1 && { hops: { bounds: { onceShare: 0, most: moves, perClient: moves } } }),
    untouched: { bounds: { generations: count('generation'), sets: count('held') } },
    'as-before': { bounds: { generations: count('generation') } },
    stopped: { bounds: { seconds: 45 } },
  }
  return ids.filter((id) => !without.has(id)).map((id) => ({ id, ...bounds[id] }))
}
