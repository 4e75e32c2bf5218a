import { NO_VERSION, VERSIONS } from '../start.ts'
import type { ClusterState, Kind } from '../types.ts'
import { hold, wait } from './waits.ts'

const isFree = ({ phase, isOperatorAway, isLittered }: ClusterState) =>
  phase === 'rest' && !isOperatorAway && !isLittered

/** Another version than the one asked for last, older or newer. */
function versionOf({ dialect, version }: ClusterState, variant: number): string {
  const others = VERSIONS[dialect].filter((one) => one !== version)
  return others[variant % others.length]!
}

/** On v1beta4 not the one from before the update: that takes the change back, and never ends (operator-2.1.0-2.2.29-revert-repeats). */
function versionOnTheWay(state: ClusterState, variant: number): string {
  const { dialect, version, versionBefore } = state
  if (dialect === 'v2beta1') return versionOf(state, variant)
  const others = VERSIONS[dialect].filter((one) => one !== version && one !== versionBefore)
  return others[variant % others.length]!
}

/** An update takes some 18 s from its first eviction on, one that is changed on the way twice that. */
const PAUSES = { straight: 1, changed: 3 }
const PAUSE_SECONDS = 9

const updating = (state: ClusterState, version: string): ClusterState => ({
  ...state,
  phase: 'updating',
  version,
  versionBefore: state.phase === 'updating' ? state.versionBefore : state.version,
  updates: state.updates + 1,
  isChanged: true,
  isDisturbed: false,
  pauses: PAUSES.straight,
  idleNodes: 0,
  occupied: state.nodes - state.idleNodes,
})

const changedOnTheWay = (state: ClusterState, version: string): ClusterState => ({
  ...updating(state, version),
  isDisturbed: true,
  pauses: PAUSES.changed,
})

/** Changes that give every pod anew, and what may become of them on the way. */
export const UPDATES: readonly Kind[] = [
  {
    name: 'upgrade',
    weight: 4,
    variants: 3,
    effects: ['update', 'generation'],
    isLegal: isFree,
    after: (state, variant) => updating(state, versionOf(state, variant)),
    steps: (state, variant) => [{ action: 'upgrade', version: versionOf(state, variant) }, wait('draining')],
    title: (state, variant) => `change to version ${versionOf(state, variant)}`,
  },
  {
    name: 'go-on',
    weight: 3,
    effects: [],
    isLegal: ({ phase, isOperatorAway, pauses }) => phase === 'updating' && !isOperatorAway && pauses > 0,
    // Nobody knows which node is evacuated by then, or none.
    after: (state) => ({ ...state, pauses: state.pauses - 1, isDisturbed: true }),
    steps: () => [hold(PAUSE_SECONDS)],
    title: () => `let it go on for ${PAUSE_SECONDS} s`,
  },
  {
    name: 'finish',
    weight: 4,
    effects: [],
    isLegal: ({ phase, isOperatorAway, pauses }) => phase === 'updating' && !isOperatorAway && pauses === 0,
    after: (state) => ({ ...state, phase: 'rest', isDisturbed: false }),
    steps: () => [wait('upgraded'), wait('fleet-connected'), wait('clients-located')],
    title: () => 'wait until the update has ended',
  },
  {
    name: 'upgrade-again',
    weight: 1,
    variants: 3,
    effects: ['changed-on-the-way', 'generation'],
    isLegal: ({ phase, isDisturbed, isOperatorAway }) =>
      phase === 'updating' && !isDisturbed && !isOperatorAway,
    after: (state, variant) => changedOnTheWay(state, versionOnTheWay(state, variant)),
    steps: (state, variant) => [{ action: 'upgrade', version: versionOnTheWay(state, variant) }, hold(1)],
    title: (state, variant) => `change to version ${versionOnTheWay(state, variant)} on the way`,
  },
  {
    name: 'take-back',
    weight: 1,
    effects: ['changed-on-the-way', 'generation'],
    // On v1beta4 it never ends: operator-2.1.0-2.2.29-revert-repeats. Only the first update has a version to go back to here.
    isLegal: ({ dialect, phase, isDisturbed, isOperatorAway, isLittered, updates }) =>
      dialect === 'v2beta1' &&
      phase === 'updating' &&
      !isDisturbed &&
      !isOperatorAway &&
      !isLittered &&
      updates === 1,
    after: (state) => changedOnTheWay(state, VERSIONS[state.dialect][0]!),
    steps: () => [{ action: 'revert' }, hold(1)],
    title: () => 'take the change back on the way',
  },
  {
    name: 'unpullable',
    weight: 1,
    effects: ['held', 'generation'],
    isLegal: (state) => isFree(state) && state.updates === 0,
    after: (state) => ({ ...state, phase: 'held', isChanged: true }),
    steps: ({ dialect }) => [{ action: 'upgrade', version: NO_VERSION[dialect] }, wait('held-up'), hold(2)],
    title: () => 'change to a version that no registry has',
  },
  {
    name: 'give-up',
    weight: 1,
    effects: ['generation'],
    isLegal: ({ phase, isOperatorAway }) => phase === 'held' && !isOperatorAway,
    after: (state) => ({ ...state, phase: 'rest', isLittered: true }),
    steps: () => [{ action: 'revert' }, wait('reverted'), hold(3)],
    title: () => 'take that change back',
  },
  {
    name: 'correct',
    weight: 1,
    variants: 3,
    effects: ['update', 'generation'],
    isLegal: ({ phase, isOperatorAway }) => phase === 'held' && !isOperatorAway,
    after: (state, variant) => ({ ...updating(state, versionOf(state, variant)), isLittered: true }),
    steps: (state, variant) => [{ action: 'upgrade', version: versionOf(state, variant) }, wait('draining')],
    title: (state, variant) => `correct it to version ${versionOf(state, variant)}`,
  },
]
