import type { ClusterState, Dialect, Kind, StepText } from '../types.ts'
import { hold, settled } from './waits.ts'

const RATES: Readonly<Record<Dialect, (spec: object) => object>> = {
  v1beta4: (evacuationStrategy) => ({ spec: { blueGreenUpdate: { evacuationStrategy } } }),
  v2beta1: (evacuationStrategy) => ({ spec: { updateStrategy: { evacuationStrategy } } }),
}

const image = (version: string) => ({
  spec: { template: { spec: { emqxContainer: { image: { version } } } } },
})

/** Merge patches that the API server must refuse, by its schema or by the operator's webhook. */
const REFUSED: Readonly<Record<Dialect, readonly object[]>> = {
  v1beta4: [
    { spec: { replicas: 'many' } },
    RATES.v1beta4({ connEvictRate: 0 }),
    image('latest'),
    image('4.4.9'),
    image('5.8.6'),
    { spec: { template: { spec: { emqxContainer: { emqxConfig: { name: 'another' } } } } } },
  ],
  v2beta1: [
    { spec: { coreTemplate: { spec: { replicas: 'many' } } } },
    RATES.v2beta1({ connEvictRate: 0 }),
    { spec: { updateStrategy: { type: 'Rolling' } } },
    { spec: { updateStrategy: { evacuationStrategy: { waitTakeover: -1 } } } },
    { spec: { config: { mode: 'Forget' } } },
    { spec: { image: null } },
  ],
}

const refused = (patch: object): StepText => ({ action: 'patch', patch, expect: 'refused' })

/** A webhook of an operator that is gone answers nobody: then v1beta4 takes no change at all, and no refusal tells anything. */
const isAnswered = ({ dialect, isOperatorAway }: ClusterState) => dialect === 'v2beta1' || !isOperatorAway

/** What must be refused, or change nothing that runs. */
export const HARMLESS: readonly Kind[] = [
  {
    name: 'refused-patch',
    weight: 2,
    variants: REFUSED.v1beta4.length,
    effects: [],
    isLegal: (state) => state.isChanged && isAnswered(state),
    after: (state) => state,
    steps: ({ dialect }, variant) => [refused(REFUSED[dialect][variant]!)],
    title: ({ dialect }, variant) => `ask for ${JSON.stringify(REFUSED[dialect][variant]!)}, to be refused`,
  },
  {
    name: 'refused-scale',
    weight: 1,
    effects: [],
    isLegal: ({ phase, isDisturbed, isOperatorAway }) =>
      phase === 'updating' && !isDisturbed && !isOperatorAway,
    after: (state) => ({ ...state, isDisturbed: true }),
    steps: () => [{ action: 'scale', replicas: 1, expect: 'refused' }],
    title: () => 'ask for one node in the middle of an update, to be refused',
  },
  {
    name: 'slow-down',
    weight: 1,
    effects: ['slowed', 'generation'],
    isLegal: ({ phase, isDisturbed, isOperatorAway }) =>
      phase === 'updating' && !isDisturbed && !isOperatorAway,
    after: (state) => ({ ...state, isDisturbed: true }),
    steps: ({ dialect }) => [
      { action: 'patch', patch: RATES[dialect]({ connEvictRate: 3, sessEvictRate: 3 }) },
    ],
    title: () => 'ask for a lower rate on the way',
  },
  {
    name: 'same-version',
    weight: 1,
    effects: [],
    isLegal: ({ phase, isOperatorAway, isLittered }) => phase === 'rest' && !isOperatorAway && !isLittered,
    after: (state) => ({ ...state, isChanged: true }),
    steps: () => [{ action: 'reapply' }, hold(1), ...settled],
    title: () => 'ask for the version that runs already',
  },
  {
    name: 'transfer',
    weight: 1,
    variants: 3,
    effects: [],
    isLegal: ({ phase, isOperatorAway, isLittered }) => phase === 'rest' && !isOperatorAway && !isLittered,
    after: (state) => ({ ...state, isChanged: true }),
    steps: (_, variant) => [
      { action: 'transfer', project: `project-${variant}` },
      { waitFor: 'setting-read', deadlineSeconds: 30 },
      ...settled,
    ],
    title: (_, variant) => `give the cluster to project-${variant}`,
  },
]
