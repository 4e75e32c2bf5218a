import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { ScalePaths } from '../resource-type.ts'
import type { Schema } from '../schema/types.ts'
import type { PrinterColumn } from '../tables/custom.ts'

export interface DefinitionVersion {
  name: string
  served: boolean
  storage: boolean
  deprecated?: boolean
  deprecationWarning?: string
  schema?: { openAPIV3Schema?: Schema }
  subresources?: { status?: object; scale?: ScalePaths }
  additionalPrinterColumns?: PrinterColumn[]
}

export interface DefinitionNames {
  plural: string
  singular: string
  kind: string
  listKind: string
  shortNames?: string[]
  categories?: string[]
}

export interface Definition extends KubeObject {
  spec: {
    group: string
    scope: 'Namespaced' | 'Cluster'
    names: DefinitionNames
    preserveUnknownFields?: boolean
    conversion?: { strategy: string }
    versions: DefinitionVersion[]
  }
}
