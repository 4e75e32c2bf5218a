/** Emulated EMQX Enterprise nodes, 4.4 and 5.8: MQTT, management API and metrics, as docs/contract/emqx.md describes them. */
export {
  createEmqxCluster,
  type EmqxCluster,
  type EmqxClusterOptions,
  type StartNodeOptions,
} from './cluster.ts'
export type { Role } from './group.ts'
export type { Credential } from './http/management-api.ts'
export { EmqxNode } from './node.ts'
export { isVersion, profileOf } from './version.ts'
