import Type from 'typebox'
import { action, change, EXPECT, type Kind } from './kind.ts'

const quantity = Type.Union([Type.String(), Type.Number()])
const AMOUNTS = Type.Object({ cpu: quantity, memory: quantity }, { additionalProperties: false })

/** From nothing to a cluster, and what happens to its nodes until it is gone. */
export const LIFE_CYCLE = {
  apply: action('apply', 60, {}),
  'start-fleet': action('start-fleet', 120, {}),
  upgrade: change('upgrade', 60, {
    version: Type.String({ description: 'upgrade: the EMQX version to change to.', minLength: 1 }),
    evictRate: Type.Optional(
      Type.Integer({
        description:
          'upgrade: connections and sessions that each node evicts per second, changed with the version until the run ends.',
        minimum: 1,
      }),
    ),
  }),
  scale: change('scale', 60, {
    expect: EXPECT('scale'),
    replicas: Type.Integer({
      description: 'scale: how many nodes accept clients afterwards; replicants where there are any.',
      minimum: 1,
    }),
  }),
  resize: change('resize', 60, {
    resources: Type.Object(
      { requests: AMOUNTS, limits: AMOUNTS },
      {
        description: 'resize: the resources that EMQX gets in every pod, of cores and replicants.',
        additionalProperties: false,
      },
    ),
  }),
  reapply: change('reapply', 60, {}),
  revert: change('revert', 60, {}),
  evacuate: change('evacuate', 'formula', {}),
  stop: change('stop', 60, {}),
  start: change('start', 60, {
    cores: Type.Integer({
      description: 'start: how many cores; 0 for as many as before the stop, of both kinds.',
      minimum: 0,
      default: 0,
    }),
    replicants: Type.Integer({ description: 'start: how many replicants.', minimum: 0, default: 0 }),
  }),
  delete: change('delete', 60, {}),
} as const satisfies Record<string, Kind>
