import type { LineSwitches } from '../lines.ts'
import { int32, int64, list, object, string, strings, time } from './shapes.ts'

/** One evacuation, with EMQX's own field names. */
export const evacuation = object({
  connection_eviction_rate: int32,
  connection_goal: int32,
  node: string,
  session_eviction_rate: int32,
  session_goal: int32,
  session_recipients: strings,
  state: string,
  stats: object({
    current_connected: int32,
    current_sessions: int32,
    initial_connected: int32,
    initial_sessions: int32,
  }),
})

const condition = object(
  {
    lastTransitionTime: time,
    lastUpdateTime: time,
    message: string,
    reason: string,
    status: string,
    type: string,
  },
  ['status', 'type'],
)

export const status = (line: LineSwitches) =>
  object({
    blueGreenUpdateStatus: object({
      currentStatefulSet: string,
      evacuationsStatus: list(evacuation),
      originStatefulSet: string,
      startedAt: time,
    }),
    conditions: list(condition),
    currentStatefulSetVersion: string,
    emqxNodes: list(
      object({
        ...(line.definition === '2.2' && { connections: int64 }),
        node: string,
        node_status: string,
        otp_release: string,
        version: string,
      }),
    ),
    readyReplicas: int32,
    replicas: int32,
  })
