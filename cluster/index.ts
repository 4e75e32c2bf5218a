/** The system under test, seen from outside: Kubernetes objects, EMQX's HTTP API, the metrics of each pod. */
export { EmqxApiError } from './emqx/api-error.ts'
export { KubeApiError } from './kubernetes/types.ts'
export { openCluster } from './open.ts'
export { serverName } from './server-name.ts'
export type * from './types.ts'
