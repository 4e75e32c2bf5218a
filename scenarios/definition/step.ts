import Type, { type Static } from 'typebox'
import {
  DISTURBANCE_NAMES,
  DISTURBANCES,
  MQTT_LISTENERS,
  NETWORK_TYPES,
  SERVED_BY,
  TRAFFIC_POLICIES,
} from '#weir/facts/index.ts'
import { closed } from './closed.ts'

const seconds = Type.Number({ exclusiveMinimum: 0 })

/** Seconds, or "formula": 1.5 times the expected duration of the move, plus 60 s. */
export type Deadline = number | 'formula'

/** The key by which a step is known, its other keys, and how long it may take when its scenario does not say. */
interface Kind {
  key: 'action' | 'waitFor' | 'hold' | 'mark'
  word?: string
  properties: Type.TProperties
  deadline?: Deadline
  /** It changes the cluster under test: what is judged begins with the first of these. */
  changes?: true
}

const action = <Word extends string, Properties extends Type.TProperties>(
  word: Word,
  deadline: Deadline,
  properties: Properties,
) => ({ key: 'action' as const, word, deadline, properties: { action: Type.Literal(word), ...properties } })

const change = <Word extends string, Properties extends Type.TProperties>(
  word: Word,
  deadline: Deadline,
  properties: Properties,
) => ({ ...action(word, deadline, properties), changes: true as const })

const wait = <Word extends string>(word: Word, deadline: Deadline) => ({
  key: 'waitFor' as const,
  word,
  deadline,
  properties: { waitFor: Type.Literal(word) },
})

const quantity = Type.Union([Type.String(), Type.Number()])
const AMOUNTS = Type.Object({ cpu: quantity, memory: quantity }, { additionalProperties: false })

const threshold = (what: string) =>
  Type.Integer({
    description: `rebalance: by how many ${what} the nodes that give may exceed those that take, on average.`,
    minimum: 1,
    default: 1000,
  })
const factor = (what: string) =>
  Type.Number({
    description: `rebalance: by which factor of ${what} they may. Either threshold is enough.`,
    exclusiveMinimum: 1,
    default: 1.1,
  })
const EXPECT = (action: string) =>
  Type.Enum(['accepted', 'refused'], {
    description: `${action}: what is to become of it. Refused: by the API server, or by weir, before it is sent.`,
    default: 'accepted',
  })
const waitOf = (what: string) =>
  Type.Integer({ description: `rebalance: seconds that EMQX waits for ${what}.`, minimum: 0, default: 60 })

const portNumber = Type.Integer({ minimum: 1, maximum: 65_535 })
const EXPOSED_PORT = Type.Object(
  {
    listener: Type.Enum(MQTT_LISTENERS),
    port: Type.Optional(portNumber),
    nodePort: Type.Optional(portNumber),
    name: Type.Optional(Type.String()),
    target: Type.Optional(Type.Union([portNumber, Type.String()])),
  },
  { additionalProperties: false },
)

/** A pod by the part that its node has in an update. */
const POD_CHOICES = ['an evacuated', 'an old', 'a new', 'any'] as const

const KINDS = {
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
  connections: change('connections', 60, {
    most: Type.Integer({
      description: 'connections: how many clients may be connected afterwards.',
      minimum: 1,
    }),
    licence: Type.Optional(
      Type.String({
        description:
          'connections: the text of a licence of the testbed, for EMQX 4.4, whose limit is part of its licence. No real one: scenarios are recorded.',
      }),
    ),
    licenceFile: Type.Optional(
      Type.String({
        description: 'connections: the file with the licence, of which the record has a hash alone.',
      }),
    ),
    annotations: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.Union([Type.String(), Type.Null()]), {
        description:
          "connections: annotations that the resource's Service gets with the number, null for one that it loses. A cloud may make its load balancer anew, with another address.",
      }),
    ),
    total: Type.Optional(
      Type.Integer({
        description:
          'connections: what the licence allows all clusters together. A rival then asks for the same number at the same moment, and one of both must be refused.',
        minimum: 1,
      }),
    ),
  }),
  transfer: change('transfer', 60, {
    project: Type.String({
      description: 'transfer: the project that the cluster belongs to afterwards.',
      minLength: 1,
    }),
    registryNamespace: Type.String({
      description: 'transfer: the namespace of the list of projects.',
      minLength: 1,
      default: 'default',
    }),
  }),
  rebalance: change('rebalance', 600, {
    connEvictRate: Type.Integer({
      description: 'rebalance: connections that each node that gives evicts per second.',
      minimum: 1,
    }),
    sessEvictRate: Type.Integer({
      description: 'rebalance: sessions that it moves per second.',
      minimum: 1,
      default: 500,
    }),
    waitHealthCheckSeconds: waitOf('health checks, before it evicts'),
    waitTakeoverSeconds: waitOf('takeovers, before it moves sessions'),
    absConnThreshold: threshold('connections'),
    relConnThreshold: factor('connections'),
    absSessThreshold: threshold('sessions'),
    relSessThreshold: factor('sessions'),
    by: Type.Enum(['auto', 'resource', 'emqx'], {
      description:
        "rebalance: auto: by the operator's resource Rebalance where the API server has the kind, else by EMQX's API.",
      default: 'auto',
    }),
  }),
  network: change('network', 180, {
    type: Type.Enum(NETWORK_TYPES, {
      description:
        'network: how clients come in afterwards: from inside alone (ClusterIP), by a port of every node, or by a load balancer.',
    }),
    ports: Type.Array(EXPOSED_PORT, {
      description:
        'network: the listeners that clients reach from outside, with the port of the Service, and the node port, where they are not to be the usual ones. The name of the port in the Service and where EMQX listens are read from the cluster, unless given.',
      default: [],
    }),
    annotations: Type.Record(Type.String(), Type.String(), {
      description: 'network: annotations of the Service, as a cloud reads them.',
      default: {},
    }),
    servedBy: Type.Enum(SERVED_BY, {
      description:
        "network: a Service of weir's own, which has these listeners alone, or the operator's, which has every one.",
      default: 'weir',
    }),
    loadBalancerClass: Type.Optional(
      Type.String({ description: 'network: the class of the load balancer.', minLength: 1 }),
    ),
    externalTrafficPolicy: Type.Optional(
      Type.Enum(TRAFFIC_POLICIES, {
        description: 'network: whether nodes pass connections on to pods of other nodes.',
      }),
    ),
    selector: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description:
          "network: the labels of the pods that weir's own Service leads to; read from the cluster, unless given.",
      }),
    ),
  }),
  'try-addresses': action('try-addresses', 120, {
    forSeconds: Type.Number({
      description:
        'try-addresses: how long addresses that are not as the change asks are tried again. Each is tried once at least.',
      minimum: 0,
      default: 30,
    }),
  }),
  'store-data': action('store-data', 60, {
    retained: Type.Integer({
      description: 'store-data: how many retained messages EMQX gets to keep.',
      minimum: 0,
      default: 20,
    }),
    sessions: Type.Integer({
      description: 'store-data: how many clients with a session come and go away.',
      minimum: 0,
      default: 2,
    }),
    queuedEach: Type.Integer({
      description: 'store-data: how many messages then wait for each of them.',
      minimum: 0,
      default: 10,
    }),
  }),
  'find-data': action('find-data', 60, {}),
  'forget-members': action('forget-members', 60, {}),
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
  'cluster-ready': wait('cluster-ready', 300),
  'fleet-connected': wait('fleet-connected', 300),
  'clients-located': wait('clients-located', 120),
  'connect-more': action('connect-more', 120, {
    clients: Type.Integer({
      description:
        'connect-more: how many clients connect once, and leave when every node has told which of them it took. What is judged of the fleet ends here.',
      minimum: 1,
    }),
    perSecond: Type.Optional(
      Type.Integer({
        description:
          'connect-more: how many come a second. Each then tries once, so that it shows who is refused.',
        minimum: 1,
      }),
    ),
    protocol: Type.Enum(['5', '3.1.1'], {
      description: 'connect-more: what they speak.',
      default: '5',
    }),
  }),
  running: wait('running', 300),
  'members-running': wait('members-running', 120),
  'setting-read': wait('setting-read', 150),
  'held-up': wait('held-up', 120),
  reverted: wait('reverted', 120),
  'change-begun': wait('change-begun', 86_400),
  draining: wait('draining', 150),
  upgraded: wait('upgraded', 'formula'),
  stopped: wait('stopped', 180),
  gone: wait('gone', 120),
  exposed: wait('exposed', 300),
  hold: {
    key: 'hold' as const,
    properties: { hold: closed({ seconds }, { description: 'Keep observing for this time.' }) },
  },
  mark: {
    key: 'mark' as const,
    properties: { mark: Type.String({ description: 'Put a note into the record.', minLength: 1 }) },
  },
} as const satisfies Record<string, Kind>

type Of<K> = K extends { properties: infer P extends Type.TProperties; deadline: Deadline }
  ? Static<Type.TObject<P>> & { deadlineSeconds: Deadline }
  : K extends { properties: infer P extends Type.TProperties }
    ? Static<Type.TObject<P>>
    : never

/** A step of a scenario, with its defaults filled in. */
export type Step = Of<(typeof KINDS)[keyof typeof KINDS]>
export type WaitName = Extract<Step, { waitFor: string }>['waitFor']

/** The name by which a step is known in records and messages. */
export function stepName(step: Step): keyof typeof KINDS {
  if ('action' in step) return step.action
  if ('waitFor' in step) return step.waitFor
  return 'hold' in step ? 'hold' : 'mark'
}

const changes = (step: Step): boolean => {
  const kind: Kind = KINDS[stepName(step)]
  return kind.changes === true
}

/** Whether weir changes the cluster under test. */
export const changesCluster = ({ steps }: { steps: readonly Step[] }): boolean => steps.some(changes)

/** Whether the step changes the cluster under test, or waits for somebody else to. */
export const isChange = (step: Step): boolean =>
  changes(step) || ('waitFor' in step && step.waitFor === 'change-begun')

/** Fills in what JSON Schema cannot, because it depends on what kind of step it is. */
export function withStepDefaults(step: Step): Step {
  const kind: Kind = KINDS[stepName(step)]
  const given = Object.entries(kind.properties).flatMap(([name, schema]) =>
    'default' in schema ? [[name, schema.default] as const] : [],
  )
  const deadline = kind.deadline === undefined ? {} : { deadlineSeconds: kind.deadline }
  return { ...step, ...Object.fromEntries(given), ...deadline, ...step } as Step
}

const all: readonly Kind[] = Object.values(KINDS)
const wordsOf = (key: Kind['key']) => all.flatMap((kind) => (kind.key === key ? [kind.word!] : []))
const known: Type.TProperties = Object.assign({}, ...all.map(({ properties }) => properties))
const keys = [...new Set(all.map(({ key }) => key))]

/** Keys that this kind of step does not have are refused by name. */
function rule({ key, word, properties, deadline }: Kind) {
  const own = [...Object.keys(properties), ...(deadline === undefined ? [] : ['deadlineSeconds'])]
  const foreign = [...Object.keys(known), 'deadlineSeconds'].filter(
    (name) => !own.includes(name) && !keys.some((one) => one === name),
  )
  return {
    if: { required: [key], ...(word && { properties: { [key]: { const: word } } }) },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      required: Object.keys(properties).filter(
        (name) => !('default' in properties[name]!) && !Type.IsOptional(properties[name]),
      ),
      properties: Object.fromEntries(foreign.map((name) => [name, false])),
    },
  }
}

/** One object with the keys of all kinds, and a rule for each kind: ajv's errors then name the key that is wrong. */
export const StepSchema = Type.Unsafe<Step>({
  type: 'object',
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(
      Object.entries(known).map(([name, schema]) => [name, { ...schema, default: undefined }]),
    ),
    action: { enum: wordsOf('action') },
    waitFor: { enum: wordsOf('waitFor') },
    deadlineSeconds: {
      description: 'Seconds, or "formula": 1.5 times the expected duration of the move, plus 60 s.',
      if: { type: 'string' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { const: 'formula' },
      else: seconds,
    },
  },
  oneOf: keys.map((key) => ({ required: [key] })),
  allOf: all.map(rule),
})
