import type { Cluster } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Step } from '../types.ts'

/** A change of the custom resource. */
export interface Change {
  action: 'upgrade' | 'scale' | 'resize' | 'reapply' | 'patch'
  /** A merge patch of the custom resource. */
  patch: unknown
  /** `refused`: only a dry run is sent, which the API server must refuse. `unchanged`: the resource has these values already. */
  expect: 'accepted' | 'refused' | 'unchanged'
  /** The EMQX version after the change. */
  version?: string
}

type Action = Extract<Step, { action: string }>

/** What a step changes in the resource; undefined for a step that changes something else, or nothing. Pure. */
export function changeOf(
  step: Action,
  dialect: Cluster['dialect'],
  resource: KubeObject,
): Change | undefined {
  switch (step.action) {
    case 'upgrade': {
      const { action, version } = step
      return { action, patch: dialect.versionPatch(resource, version), expect: 'accepted', version }
    }
    case 'scale':
      return { action: step.action, patch: dialect.scalePatch(resource, step.replicas), expect: 'accepted' }
    case 'resize': {
      const { action, resources } = step
      return { action, patch: dialect.resourcesPatch(resource, resources), expect: 'accepted' }
    }
    case 'reapply':
      return {
        action: step.action,
        patch: dialect.versionPatch(resource, dialect.version(resource) ?? ''),
        expect: 'unchanged',
      }
    case 'patch':
      return { action: step.action, patch: step.patch, expect: step.expect }
    default:
      return undefined
  }
}
