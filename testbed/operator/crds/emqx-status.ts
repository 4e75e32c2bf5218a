import type { Schema } from '../../apiserver/schema/types.ts'
import { int32, int64, list, object, string, time } from './shapes.ts'
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
  controllerUID: string,
  edition: string,
  live_connections: int64,
  node: string,
  node_status: string,
  otp_release: string,
  podUID: string,
  role: string,
  version: string,
})

const nodes = object({
  collisionCount: int32,
  currentReplicas: int32,
  currentRevision: string,
  readyReplicas: int32,
  replicas: int32,
  updateReplicas: int32,
  updateRevision: string,
})

export const emqxStatus = object({
  conditions: list(condition),
  coreNodes: list(node),
  coreNodesStatus: nodes,
  nodeEvacuationsStatus: list(evacuation),
  replicantNodes: list(node),
  replicantNodesStatus: nodes,
})
