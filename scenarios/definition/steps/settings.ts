import Type from 'typebox'
import { MQTT_LISTENERS, NETWORK_TYPES, SERVED_BY, TRAFFIC_POLICIES } from '#weir/facts/index.ts'
import { action, change, type Kind } from './kind.ts'

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

/** Settings beside the number and the version of nodes. */
export const SETTINGS = {
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
} as const satisfies Record<string, Kind>
