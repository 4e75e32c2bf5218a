import type { ClusterState, Kind } from '../types.ts'
import { hold, settled } from './waits.ts'

const SECONDS = 3

/** The middle of an update that nothing has disturbed. */
const isFresh = ({ phase, isDisturbed }: ClusterState) => phase === 'updating' && !isDisturbed
const disturbed = (state: ClusterState): ClusterState => ({
  ...state,
  isDisturbed: state.isDisturbed || state.phase === 'updating',
})
const isQuiet = ({ phase, isChanged }: ClusterState) => phase === 'rest' && isChanged

/** A cluster of one node has no other to serve clients meanwhile, and none that is not evacuated yet. */
const hasAnother = ({ phase, nodes, occupied }: ClusterState) => (phase === 'updating' ? occupied : nodes) > 1

/** Which pods there are to end in the middle of an update. */
const VICTIMS = ['an evacuated', 'an old', 'a new'] as const

/** At rest one node is as good as another; in an update one that is still to be evacuated. */
const victim = ({ phase }: ClusterState) => (phase === 'rest' ? 'any' : 'an old')

const disturbance = (
  name: string,
  what: string,
  effects: Kind['effects'],
  isAllowed: (state: ClusterState) => boolean = () => true,
): Kind => ({
  name,
  weight: 1,
  effects,
  isLegal: (state) => (isQuiet(state) || isFresh(state)) && isAllowed(state),
  after: disturbed,
  steps: () => [{ action: 'disturb', what, seconds: SECONDS }, hold(SECONDS + 1)],
  title: () => `${what} for ${SECONDS} s`,
})

/** What happens to a cluster beside what is asked of it. */
export const FAULTS: readonly Kind[] = [
  {
    name: 'kill-node',
    weight: 1,
    effects: ['kill', 'kill-at-rest'],
    isLegal: (state) => isQuiet(state) && hasAnother(state) && !state.isOperatorAway && !state.isLittered,
    // Its clients go to whichever nodes the Service leads to.
    after: (state) => ({ ...state, idleNodes: 0 }),
    steps: (state) => [{ action: 'kill-pod', pod: victim(state) }, hold(2), ...settled],
    title: () => 'kill a node',
  },
  {
    name: 'kill-in-update',
    weight: 2,
    variants: VICTIMS.length,
    effects: ['kill'],
    isLegal: (state) => isFresh(state) && hasAnother(state) && !state.isOperatorAway,
    after: disturbed,
    steps: (_, variant) => [{ action: 'kill-pod', pod: VICTIMS[variant]! }],
    title: (_, variant) => `kill ${VICTIMS[variant]!} node`,
  },
  {
    name: 'drain-machine',
    weight: 1,
    effects: ['kill'],
    isLegal: (state) => isFresh(state) && hasAnother(state) && !state.isOperatorAway,
    after: disturbed,
    steps: () => [{ action: 'evict-pod', pod: 'an old' }, hold(4), { action: 'uncordon' }],
    title: () => 'drain the machine of an old node',
  },
  {
    name: 'cut-network',
    weight: 1,
    effects: [],
    isLegal: (state) => isQuiet(state) || (isFresh(state) && hasAnother(state)),
    after: disturbed,
    steps: (state) => {
      // At rest every other client of the Service comes to this node: it must be there again before one of them gives up.
      const seconds = state.phase === 'rest' ? 1 : SECONDS
      return [{ action: 'disturb', what: 'network-cut', seconds, pod: victim(state) }, hold(seconds + 1)]
    },
    title: (state) => `cut ${state.phase === 'rest' ? 'a' : 'an old'} node off from its clients`,
  },
  disturbance('step-clocks', 'clock-step', []),
  disturbance(
    'restart-api-server',
    'api-server-restart',
    ['api-server-gone'],
    (state) => !state.isOperatorAway,
  ),
  disturbance('silence-emqx-api', 'emqx-api-outage', ['emqx-api-gone']),
  {
    name: 'stop-operator',
    weight: 1,
    effects: ['operator-gone'],
    isLegal: (state) => (isQuiet(state) || isFresh(state)) && !state.isOperatorAway && !state.isLittered,
    after: (state) => ({ ...disturbed(state), isOperatorAway: true }),
    steps: () => [{ action: 'stop-operator' }, hold(2)],
    title: () => 'stop the operator',
  },
  {
    name: 'start-operator',
    weight: 6,
    effects: [],
    isLegal: ({ isOperatorAway }) => isOperatorAway,
    after: (state) => ({ ...state, isOperatorAway: false }),
    steps: ({ phase }) => [{ action: 'start-operator' }, hold(1), ...(phase === 'rest' ? settled : [])],
    title: () => 'start the operator',
  },
]
