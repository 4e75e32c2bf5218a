import type { KubeObject, Resource } from './kubernetes/types.ts'

/** Where a cluster's number of connections is set without a restart: a merge patch of one object. */
export interface LimitChange {
  resource: Resource
  /** Name of the object, in the namespace of the cluster. */
  name: string
  patch: unknown
  /** What of the patch may be shown: a licence by its hash. */
  shown: unknown
}

/** The licence to give, where the number is part of it. */
export interface GivenLicence {
  text: string
  /** Of its text: what records have of it. */
  sha256: string
}

/** Why a cluster's number cannot be changed. */
export interface NoLimitChange {
  rule: string
  figures: string
}

export type ChangesLimit = (
  resource: KubeObject,
  limit: number,
  licence: GivenLicence | undefined,
) => LimitChange | NoLimitChange
