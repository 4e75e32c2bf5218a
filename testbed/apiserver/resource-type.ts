import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { FieldError } from './field-error.ts'
import type { Schema } from './schema/types.ts'
import type { TableShape } from './tables/column.ts'
import type { ClientConfig } from './webhooks/post.ts'

/** The webhook that converts between the versions of a custom resource. */
export interface Conversion {
  clientConfig: ClientConfig
  /** Versions of ConversionReview that it takes, the preferred one first. */
  reviewVersions: readonly string[]
}

export interface ScalePaths {
  specReplicasPath: string
  statusReplicasPath: string
  labelSelectorPath?: string
}

/** What is particular about one resource; a resource without any of it is stored as it comes. */
export interface Strategy {
  /** Fills in defaults and drops unknown fields, in place, on every decoding; returns the unknown fields' paths. */
  decode?(object: KubeObject): string[]
  /** In place, before an object is created. */
  prepareCreate?(object: KubeObject): void
  /** In place, before an object replaces `old` through its main resource. */
  prepareUpdate?(object: KubeObject, old: KubeObject): void
  /** What is wrong with a new object's name, where others than DNS subdomains are right. */
  nameProblem?(name: string): string | undefined
  validate?(object: KubeObject, old: KubeObject | undefined): FieldError[]
  /** In place, at the moment of writing: takes what must be unique in the cluster (addresses, ports). */
  allocate?(object: KubeObject, old: KubeObject | undefined): FieldError[]
  /** Seconds that a deletion waits for the object's keeper, or undefined for resources that go at once. */
  graceSeconds?(object: KubeObject, asked: number | undefined): number
  /** Warnings for the client that wrote the object. */
  warnings?(object: KubeObject): string[]
}

/** A resource that is served: one version of it. Versions of one resource share `bucket`. */
export interface ResourceType {
  group: string
  version: string
  plural: string
  singular: string
  kind: string
  listKind: string
  namespaced: boolean
  shortNames: string[]
  categories: string[]
  /** Where the store keeps its objects. */
  bucket: string
  /** Version that objects are stored in; without `conversion`, others differ in apiVersion only. */
  storageVersion: string
  conversion?: Conversion
  custom: boolean
  /** Of a custom resource's version. */
  schema?: Schema
  hasStatus: boolean
  /** metadata.generation is kept: 1 at first, one more with every change of what the user wants. */
  hasGeneration: boolean
  scale?: ScalePaths
  strategy: Strategy
  table: TableShape
}

export const apiVersionOf = (type: { group: string; version: string }): string =>
  type.group ? `${type.group}/${type.version}` : type.version
