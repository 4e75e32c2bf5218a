import type { Schema } from '../../apiserver/schema/types.ts'
import { nodesTemplate } from './nodes.ts'
import { serviceTemplate } from './service.ts'
import { fields, int32, int64, list, object, string, time } from './shapes.ts'
import { evacuation } from './status.ts'

const text = (limits: Schema): Schema => ({ type: 'string', ...limits })

const condition = object(
  {
    lastTransitionTime: time,
    message: text({ maxLength: 32768 }),
    observedGeneration: { ...int64, minimum: 0 },
    reason: text({ maxLength: 1024, minLength: 1, pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$' }),
    status: text({ enum: ['True', 'False', 'Unknown'] }),
    type: text({
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    }),
  },
  ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
)

const node = object({
  connections: int64,
  live_connections: int64,
  ...fields(string, 'controllerUID edition node node_status otp_release podUID role version'),
})

const nodes = object({
  ...fields(int32, 'collisionCount currentReplicas readyReplicas replicas updateReplicas'),
  currentRevision: string,
  updateRevision: string,
})

const emqxStatus = object({
  conditions: list(condition),
  coreNodes: list(node),
  coreNodesStatus: nodes,
  nodeEvacuationsStatus: list(evacuation),
  replicantNodes: list(node),
  replicantNodesStatus: nodes,
})

const rate: Schema = { ...int32, minimum: 1, default: 1000 }

/** The whole has a default, its parts have others: a part of it leaves the rest empty until the operator writes it back. */
const updateStrategy: Schema = {
  ...object({
    evacuationStrategy: object({
      connEvictRate: rate,
      sessEvictRate: rate,
      waitTakeover: { ...int32, minimum: 0 },
    }),
    initialDelaySeconds: int32,
    type: { type: 'string', enum: ['Recreate'], default: 'Recreate' },
  }),
  default: {
    evacuationStrategy: { connEvictRate: 1000, sessEvictRate: 1000, waitTakeover: 10 },
    initialDelaySeconds: 10,
    type: 'Recreate',
  },
}

const reference = object({ secretKey: string, secretName: string }, ['secretKey', 'secretName'])

const apiKey = object({
  key: { type: 'string', pattern: '^[a-zA-Z\\d-_]+$' },
  secret: { type: 'string', minLength: 3, maxLength: 128 },
  secretRef: object({ key: reference, secret: reference }, ['key', 'secret']),
})

const service: Schema = object({
  enabled: { type: 'boolean', default: true },
  ...serviceTemplate.properties,
})

const spec: Schema = object(
  {
    bootstrapAPIKeys: list(apiKey),
    clusterDomain: { type: 'string', default: 'cluster.local' },
    config: object({
      data: string,
      mode: { type: 'string', enum: ['Merge', 'Replace'], default: 'Merge' },
    }),
    coreTemplate: { ...nodesTemplate('core'), default: { spec: { replicas: 2 } } },
    dashboardServiceTemplate: service,
    image: string,
    imagePullPolicy: string,
    imagePullSecrets: list(object({ name: string })),
    listenersServiceTemplate: service,
    replicantTemplate: nodesTemplate('replicant'),
    revisionHistoryLimit: { ...int32, default: 3 },
    serviceAccountName: string,
    updateStrategy,
  },
  ['image'],
)

/** EMQX of apps.emqx.io/v2beta1: EMQX 5, cores and replicants (docs/contract/operator.md#v2beta1-resource). */
export const emqxSchema: Schema = {
  type: 'object',
  properties: {
    apiVersion: string,
    kind: string,
    metadata: { type: 'object' },
    spec,
    status: emqxStatus,
  },
}
