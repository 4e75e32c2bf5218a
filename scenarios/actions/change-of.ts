import {
  type Cluster,
  rebalanceBody,
  rebalanceName,
  rebalanceObject,
  registryKey,
  type Sizes,
} from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Step } from '../types.ts'
import { limitPatches } from './limit-patches.ts'
import { mergedPatches } from './merged-patches.ts'
import { networkChange } from './network/network-change.ts'
import { rebalanceRequest } from './rebalance-request.ts'

/** A change of the custom resource. */
export interface Change {
  action:
    | 'rebalance'
    | 'upgrade'
    | 'scale'
    | 'resize'
    | 'reapply'
    | 'stop'
    | 'start'
    | 'patch'
    | 'connections'
    | 'transfer'
    | 'network'
  /** Another object than the custom resource, e.g. "Secret default/emqx-license"; then the patch is as it may be shown. */
  object?: string
  /** What weir does with the other object, where that is no merge patch. */
  says?: string
  /** A merge patch of the custom resource, or of the other object; or what `says` says. */
  patch: unknown
  /** `refused`: only a dry run is sent, which the API server must refuse. `unchanged`: the resource has these values already. */
  expect: 'accepted' | 'refused' | 'unchanged'
  /** The EMQX version after the change. */
  version?: string
  /** The part of the patch that is taken back when the run ends. */
  forTheRun?: unknown
}

/** The sizes of a cluster that is stopped. */
export const NONE: Sizes = { cores: 0, replicants: 0 }

/** The sizes that a step asks for, or those before the stop. */
export const sizesFor = ({ cores, replicants }: Sizes, before: Sizes): Sizes =>
  cores + replicants === 0 ? before : { cores, replicants }

type Action = Extract<Step, { action: string }>

/** All that a step may change: of two ways, both. Pure. */
export function changesOf(step: Action, dialect: Cluster['dialect'], resource: KubeObject): Change[] {
  if (step.action === 'rebalance') return rebalanceChanges(step, dialect, resource)
  if (step.action === 'connections') return limitChanges(step, dialect, resource)
  const change = changeOf(step, dialect, resource)
  return change ? [change] : []
}

function rebalanceChanges(
  step: Extract<Step, { action: 'rebalance' }>,
  dialect: Cluster['dialect'],
  resource: KubeObject,
): Change[] {
  const { namespace = 'default', name } = resource.metadata
  const request = rebalanceRequest(step)
  const object = `Rebalance ${namespace}/${rebalanceName(name)}`
  const nodes = dialect.servingNodes(resource)
  const isOpen = step.by === 'auto'
  const byResource: Change = {
    ...{ action: step.action, object, expect: 'accepted' },
    says: `weir creates ${object}${isOpen ? ' where the API server has that kind' : ''}, and deletes it when it has ended:`,
    patch: rebalanceObject({ dialect, namespace, name }, request),
  }
  const byEmqx: Change = {
    ...{ action: step.action, object: "EMQX's API", expect: 'accepted' },
    says: `${isOpen ? 'Where it has not, weir' : 'weir'} sends EMQX's API of ${nodes[0]} load_rebalance/{node}/start, and stops it if the run ends before it has:`,
    patch: rebalanceBody({ ...request, nodes }),
  }
  return isOpen ? [byResource, byEmqx] : [step.by === 'resource' ? byResource : byEmqx]
}

function limitChanges(
  step: Extract<Step, { action: 'connections' }>,
  dialect: Cluster['dialect'],
  resource: KubeObject,
): Change[] {
  const { action, licence, licenceFile } = step
  const given =
    licence === undefined && licenceFile === undefined ? undefined : { text: '', sha256: 'of the licence' }
  const patches = limitPatches(dialect, resource, step, given)
  if ('rule' in patches) return []
  return patches.map(({ resource: { kind }, name, shown }) => ({
    ...{ action, object: `${kind} ${resource.metadata.namespace}/${name}` },
    ...{ patch: shown, expect: 'accepted' },
  }))
}

/** What a step changes in the resource or another object; undefined for a step that changes something else, or nothing. Pure. */
export function changeOf(
  step: Action,
  dialect: Cluster['dialect'],
  resource: KubeObject,
): Change | undefined {
  switch (step.action) {
    case 'upgrade': {
      const { action, version, evictRate } = step
      const patch = dialect.versionPatch(resource, version)
      if (evictRate === undefined) return { action, patch, expect: 'accepted', version }
      const forTheRun = dialect.ratesPatch(resource, evictRate)
      return { action, patch: mergedPatches(patch, forTheRun), expect: 'accepted', version, forTheRun }
    }
    case 'scale':
      return { action: step.action, patch: dialect.scalePatch(resource, step.replicas), expect: step.expect }
    case 'stop':
      return { action: step.action, patch: dialect.sizesPatch(resource, NONE), expect: 'accepted' }
    case 'start':
      return {
        action: step.action,
        patch: dialect.sizesPatch(resource, sizesFor(step, dialect.sizes(resource))),
        expect: 'accepted',
      }
    case 'transfer': {
      const { action, project, registryNamespace } = step
      const { namespace = 'default', name } = resource.metadata
      const patch = { data: { [registryKey({ dialect, namespace, name })]: project } }
      return { action, object: `ConfigMap ${registryNamespace}/weir-projects`, patch, expect: 'accepted' }
    }
    case 'network':
      return networkChange(step, dialect, resource)
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
