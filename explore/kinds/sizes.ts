import type { ClusterState, Kind } from '../types.ts'
import { hold, settled, wait } from './waits.ts'

const MOST_NODES = 4

const isFree = ({ phase, isOperatorAway, isLittered }: ClusterState) =>
  phase === 'rest' && !isOperatorAway && !isLittered

const changed = (state: ClusterState): ClusterState => ({ ...state, isChanged: true })

/** How many nodes there are, and whether any. */
export const SIZES: readonly Kind[] = [
  {
    name: 'scale-out',
    weight: 2,
    effects: ['scale', 'generation'],
    isLegal: (state) => isFree(state) && state.nodes < MOST_NODES,
    after: (state) => ({ ...changed(state), nodes: state.nodes + 1, idleNodes: state.idleNodes + 1 }),
    steps: ({ nodes }) => [{ action: 'scale', replicas: nodes + 1 }, ...settled],
    title: ({ nodes }) => `add a node to ${nodes}`,
  },
  {
    name: 'empty-node',
    weight: 2,
    effects: ['evacuation', 'scale'],
    isLegal: (state) => isFree(state) && state.nodes > 1 && state.idleNodes === 0,
    after: (state) => ({ ...changed(state), phase: 'emptied' }),
    steps: () => [{ action: 'evacuate', deadlineSeconds: 60 }],
    title: () => 'move the clients off the last node',
  },
  {
    name: 'empty-idle-node',
    weight: 2,
    effects: ['idle-evacuation', 'scale'],
    isLegal: (state) => isFree(state) && state.idleNodes > 0,
    after: (state) => ({ ...changed(state), phase: 'emptied', idleNodes: state.idleNodes - 1 }),
    steps: () => [{ action: 'evacuate', deadlineSeconds: 60 }],
    title: () => 'evacuate the last node, which has no client',
  },
  {
    name: 'scale-in',
    weight: 4,
    effects: ['generation'],
    isLegal: ({ phase, isOperatorAway }) => phase === 'emptied' && !isOperatorAway,
    after: (state) => ({ ...state, phase: 'rest', nodes: state.nodes - 1 }),
    steps: ({ nodes }) => [
      hold(2),
      { action: 'scale', replicas: nodes - 1 },
      ...settled,
      { action: 'forget-members' },
    ],
    title: () => 'take that node away',
  },
  {
    name: 'stop',
    // Seldom legal beside other steps.
    weight: 4,
    effects: ['stop', 'generation'],
    isLegal: isFree,
    after: (state) => ({ ...changed(state), phase: 'stopped', idleNodes: 0 }),
    steps: () => [{ action: 'stop' }, wait('stopped'), hold(1)],
    title: () => 'stop the cluster',
  },
  {
    name: 'start',
    weight: 4,
    effects: ['generation'],
    isLegal: ({ phase, isOperatorAway }) => phase === 'stopped' && !isOperatorAway,
    after: (state) => ({ ...changed(state), phase: 'rest' }),
    steps: () => [{ action: 'start' }, ...settled, hold(2)],
    title: () => 'start it again',
  },
]
