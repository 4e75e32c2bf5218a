import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'

export interface Service extends KubeObject {
  spec: {
    type?: string
    clusterIP?: string
    clusterIPs?: string[]
    ports?: { name?: string; protocol?: string; port: number; nodePort?: number }[]
  }
  status?: { loadBalancer?: { ingress?: { ip?: string }[] } }
}

export interface EndpointSlice extends KubeObject {
  endpoints?: { addresses: string[]; conditions?: { ready?: boolean | null } }[]
  ports?: { name?: string; port?: number; protocol?: string }[]
}

export interface Endpoints extends KubeObject {
  subsets?: { addresses?: { ip: string }[]; ports?: { name?: string; port: number }[] }[]
}

/** Where a connection may go. */
export interface Backend {
  ip: string
  port: number
}

/** `namespace/name` */
export type ServiceKey = string

export function keyOf({ metadata }: KubeObject): ServiceKey {
  return `${metadata.namespace}/${metadata.name}`
}
