import type {
  V1CustomResourceDefinitionNames,
  V1CustomResourceDefinitionVersion,
} from '@kubernetes/client-node'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { ScalePaths } from '../resource-type.ts'
import type { Schema } from '../schema/types.ts'
import type { ClientConfig } from '../webhooks/post.ts'

export interface DefinitionVersion
  extends Omit<V1CustomResourceDefinitionVersion, 'schema' | 'subresources'> {
  schema?: { openAPIV3Schema?: Schema }
  subresources?: { status?: object; scale?: ScalePaths }
}

export interface Definition extends KubeObject {
  spec: {
    group: string
    scope: 'Namespaced' | 'Cluster'
    names: V1CustomResourceDefinitionNames & Record<'singular' | 'listKind', string>
    preserveUnknownFields?: boolean
    conversion?: {
      strategy: string
      webhook?: { clientConfig: ClientConfig; conversionReviewVersions: string[] }
    }
    versions: DefinitionVersion[]
  }
}
