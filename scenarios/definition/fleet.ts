import Type, { type Static } from 'typebox'
import { PRESET_NAMES } from '#weir/bench/index.ts'
import { ADDRESS_KINDS, TRANSPORT_PROTOCOLS } from '#weir/facts/index.ts'
import { closed } from './closed.ts'

const Topic = Type.String({
  description:
    "%i is the client's index, %{i+N} the index N further on (modulo the fleet), %c its client id.",
  minLength: 1,
})
const Qos = Type.Enum([0, 1, 2])
const v5Only = (words = '') => ({ description: `MQTT 5 only${words && `: ${words}`}.` })
const positive = Type.Number({ exclusiveMinimum: 0 })

const kind = <Name extends string, Rest extends Type.TProperties>(name: Name, rest: Rest) =>
  closed({ kind: Type.Literal(name), ...rest })

const Arrival = Type.Union(
  [
    kind('interval', { everyMs: Type.Number({ minimum: 0 }) }),
    kind('rate', { perSecond: positive }),
    kind('ramp', {
      fromPerSecond: Type.Number({ minimum: 0 }),
      toPerSecond: positive,
      overSeconds: positive,
    }),
    kind('step', {
      steps: Type.Array(closed({ perSecond: Type.Number({ minimum: 0 }), forSeconds: positive }), {
        minItems: 1,
      }),
    }),
    kind('spike', {}),
    kind('poisson', { perSecond: positive }),
  ],
  { description: 'When clients connect: an open-loop schedule.' },
)

const Subscription = closed({
  topic: Topic,
  qos: Qos,
  noLocal: Type.Optional(Type.Boolean(v5Only())),
  retainAsPublished: Type.Optional(Type.Boolean(v5Only())),
  retainHandling: Type.Optional(Type.Enum([0, 1, 2], v5Only())),
  identifier: Type.Optional(Type.Integer({ ...v5Only(), minimum: 1 })),
})

const Publish = closed(
  {
    topic: Topic,
    qos: Qos,
    retain: Type.Optional(Type.Boolean()),
    everyMs: Type.Number({
      description: 'Between two messages of one client, whatever happened to the previous one.',
      minimum: 1,
    }),
    limit: Type.Optional(Type.Integer({ description: 'Messages of the whole group together.', minimum: 0 })),
    payload: closed(
      { kind: Type.Enum(['ledger', 'random']), bytes: Type.Integer({ minimum: 20, maximum: 1_048_576 }) },
      {
        description: 'weir can account only for messages of kind ledger.',
        default: { kind: 'ledger', bytes: 64 },
      },
    ),
    inFlight: Type.Optional(
      Type.Integer({
        description:
          'Messages of QoS 1 and 2 that one client may have unacknowledged at once. Default: what the server allows.',
        minimum: 1,
        maximum: 65_535,
      }),
    ),
  },
  { description: 'What each client publishes, from when all clients are online and subscribed.' },
)

const Will = closed(
  {
    topic: Topic,
    qos: Qos,
    retain: Type.Optional(Type.Boolean()),
    delaySeconds: Type.Optional(
      Type.Integer({ ...v5Only('how long the server waits for the client to reconnect'), minimum: 0 }),
    ),
  },
  { description: 'The message that the server publishes when the connection ends without a DISCONNECT.' },
)

const Group = closed({
  name: Type.String({ minLength: 1 }),
  share: Type.Number({ exclusiveMinimum: 0 }),
  protocol: Type.Enum(['3.1.1', '5'], { description: 'Quote it: 5 without quotes is a number.' }),
  persistent: Type.Boolean({ description: 'Keep the session over a disconnect.' }),
  sessionExpirySeconds: Type.Optional(Type.Integer({ ...v5Only(), minimum: 1 })),
  subscribe: Type.Optional(
    Type.Array(Subscription, {
      description:
        'Topic filters of each client. %i is its index, %{i+N} the index N further on (modulo the fleet), %c its client id; $share/<name>/ shares a filter.',
      minItems: 1,
    }),
  ),
  publish: Type.Optional(Publish),
  will: Type.Optional(Will),
})

const Jitter = Type.Union([
  Type.Enum(['none', 'full', 'equal', 'decorrelated']),
  closed({ plusMinus: Type.Number({ minimum: 0, maximum: 1 }) }),
])

const Preset = closed({ preset: Type.Enum(PRESET_NAMES) })
const Numbers = closed({
  kind: Type.Enum(['fixed', 'exponential']),
  baseMs: Type.Number({ minimum: 0 }),
  capMs: Type.Optional(Type.Number({ minimum: 0 })),
  factor: Type.Optional(Type.Number({ minimum: 1 })),
  jitter: Type.Optional(Jitter),
  tries: Type.Optional(
    Type.Integer({ description: 'Attempts after which a client is given up.', minimum: 0 }),
  ),
})

/** One object with the keys of both, so that a wrong key is named: "exactly one of two objects" would only say that neither fits. */
const Reconnect = Type.Unsafe<Static<typeof Preset> | Static<typeof Numbers>>({
  description: "When a client reconnects: a preset's name, or numbers.",
  type: 'object',
  additionalProperties: false,
  properties: { ...Preset.properties, ...Numbers.properties },
  if: { required: ['preset'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { maxProperties: 1 },
  else: { required: Numbers.required },
})

const file = (description: string) => Type.Optional(Type.String({ description, minLength: 1 }))

const Transport = closed(
  {
    protocol: Type.Enum(TRANSPORT_PROTOCOLS, { description: 'What carries MQTT, by the names of MQTTX.' }),
    ca: file('PEM file of the certificate authorities to trust, relative to the scenario.'),
    cert: file('PEM file of the client certificate; certs/%i.pem is one for each client.'),
    key: file('PEM file of the client key; %i as in cert.'),
    servername: Type.Optional(
      Type.String({
        description: 'Server name to send (SNI) and to verify. Default: the host.',
        minLength: 1,
      }),
    ),
    alpn: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })),
    ciphers: Type.Optional(
      Type.String({ description: 'OpenSSL list of the ciphers to offer.', minLength: 1 }),
    ),
    insecure: Type.Optional(Type.Boolean({ description: 'Do not verify the server certificate.' })),
    path: Type.Optional(Type.String({ description: 'WebSocket path. Default: /mqtt.', minLength: 1 })),
    proxyProtocol: Type.Optional(
      Type.Enum(['v1', 'v2'], {
        description: 'Each connection begins with the header of a proxy (PROXY protocol).',
      }),
    ),
    proxySources: Type.Optional(
      Type.String({ description: 'Address or network that this header says clients come from, in turn.' }),
    ),
  },
  { description: 'How clients connect. Default: MQTT over TCP.' },
)

/** The clients of a run. Shares are normalised over all groups. */
export const Fleet = closed({
  clients: Type.Integer({ minimum: 1 }),
  arrival: Arrival,
  groups: Type.Array(Group, {
    description: 'Parts of the fleet that behave alike. Shares are normalised over all groups.',
    minItems: 1,
  }),
  keepAliveSeconds: Type.Integer({ minimum: 0, maximum: 65_535, default: 60 }),
  reconnect: Reconnect,
  connection: Type.Enum([...ADDRESS_KINDS], {
    description: "Which of the Service's addresses clients connect to.",
    default: 'nodePort',
  }),
  transport: Type.Optional(Transport),
  credentials: file(
    'CSV file with columns clientid, username or password, one row for each client, relative to the scenario. Passwords belong there or in the environment.',
  ),
  connectsInFlight: Type.Integer({
    description: 'Limit of concurrent connection attempts of the whole fleet, on reconnects too.',
    minimum: 1,
    default: 64,
  }),
  leaveSessions: Type.Boolean({
    description:
      'Leave the sessions of persistent clients on the cluster when the run ends, instead of ending them by a clean connect.',
    default: false,
  }),
})
