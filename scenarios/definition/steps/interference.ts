import Type from 'typebox'
import { DISTURBANCE_NAMES, DISTURBANCES } from '#weir/facts/index.ts'
import { change, EXPECT, type Kind, seconds } from './kind.ts'

/** A pod by the part that its node has in an update. */
const POD_CHOICES = ['an evacuated', 'an old', 'a new', 'any'] as const

/** What happens to a cluster beside what its operator does. */
export const INTERFERENCE = {
  patch: change('patch', 60, {
    patch: Type.Unsafe<unknown>({
      description: 'patch: a merge patch of the custom resource.',
      type: 'object',
    }),
    expect: EXPECT('patch'),
  }),
  'kill-pod': change('kill-pod', 60, {
    pod: Type.Enum(POD_CHOICES, {
      description:
        'kill-pod: whose pod is deleted without grace: an evacuated node’s, an old one’s that is not evacuated yet, a new one’s, or any that is ready.',
    }),
  }),
  'evict-pod': change('evict-pod', 60, {
    pod: Type.Enum(POD_CHOICES, {
      description:
        'evict-pod: whose machine takes no pods any more, and which pod Kubernetes is asked to evict, as when a machine is drained.',
    }),
  }),
  uncordon: change('uncordon', 60, {}),
  disturb: change('disturb', 60, {
    what: Type.Enum(DISTURBANCE_NAMES, {
      description: `disturb: what happens to the embedded cluster: ${DISTURBANCE_NAMES.map((name) => `${name}: ${DISTURBANCES[name]}`).join('; ')}.`,
    }),
    seconds,
    pod: Type.Optional(
      Type.Enum(POD_CHOICES, {
        description: 'disturb: to the node of which pod; to all where it is left out.',
      }),
    ),
  }),
  'stop-operator': change('stop-operator', 60, {}),
  'start-operator': change('start-operator', 60, {}),
} as const satisfies Record<string, Kind>
