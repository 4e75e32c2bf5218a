/** Emulated EMQX Enterprise 4.4 nodes: MQTT, management API and metrics, held to contract/emqx.md. */
export { type Clock, realClock } from './clock.ts'
export {
  createEmqxCluster,
  type EmqxCluster,
  type EmqxClusterOptions,
  type StartNodeOptions,
} from './cluster.ts'
export type { Credential } from './http/auth.ts'
export { EmqxNode } from './node.ts'
export { isVersion, profileOf } from './version.ts'
