import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

/** Where faults change what the API server does. */
export interface ApiHooks {
  /** Whether the server behaves as if an object of this name were not there: who asks for it is not told, and it may be created again. */
  overlooks(plural: string, name: string): boolean
  /** What is made of an object that a client writes, as somebody's admission webhook may. */
  admitted(plural: string, object: KubeObject): KubeObject
}

/** As Kubernetes does it. */
export const HONEST: ApiHooks = { overlooks: () => false, admitted: (_plural, object) => object }
