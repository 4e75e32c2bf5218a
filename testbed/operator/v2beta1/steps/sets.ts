import { isDeepStrictEqual } from 'node:util'
import { isAlreadyExists } from '#weir/cluster/kubernetes/api-errors.ts'
import type { StatefulSet, TemplateMeta } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { createOrUpdate, decodeLastApplied, written } from '../../apply.ts'
import { dashboardPorts } from '../../emqx5/config.ts'
import { HASH, hasReplicants, metadataOf, type Role, roleLabels, roleName } from '../../emqx5/names.ts'
import { revisionOf, setFor } from '../../emqx5/pod-spec.ts'
import type { NodesTemplate } from '../../emqx5/types.ts'
import { find, newest, remove, set } from '../condition-machine.ts'
import type { Pass, Step } from '../pass.ts'
import { resourceOf, setsOf } from '../sets.ts'
import { nodesStatus, statusOf, writeStatus } from '../status.ts'
import type { Emqx } from '../types.ts'

const KIND = { core: 'StatefulSet', replicant: 'ReplicaSet' } as const
const WORD = { core: 'statefulSet', replicant: 'replicaSet' } as const

/** Two templates but for the hash that is in the labels of each. */
function sameTemplate(a: StatefulSet, b: StatefulSet): boolean {
  const plain = ({ spec }: StatefulSet) => {
    const { metadata, spec: pod } = spec.template
    const { [HASH]: _, ...labels } = metadata?.labels ?? {}
    return JSON.parse(JSON.stringify({ ...metadata, labels, pod })) as unknown
  }
  return isDeepStrictEqual(plain(a), plain(b))
}

const lastWritten = (stored: StatefulSet): StatefulSet =>
  (decodeLastApplied(stored) as StatefulSet | undefined) ?? stored

/** The wanted set with name, labels and selector of the existing one, whose pods it does not change. */
function asStored(wanted: StatefulSet, stored: StatefulSet): StatefulSet {
  const before = lastWritten(stored)
  const metadata: TemplateMeta = before.spec.template.metadata ?? {}
  return {
    ...wanted,
    metadata: before.metadata,
    spec: {
      ...wanted.spec,
      selector: before.spec.selector,
      template: { ...wanted.spec.template, metadata },
    },
  }
}

/** A change of a role's set begins everything anew from here on, with the reason in the condition. */
async function announce(pass: Pass, role: Role, what: 'Create' | 'Update' | 'Revert', revision?: string) {
  const { namespace, name } = pass.cr.metadata
  pass.cr = await pass.env.kube.get<Emqx>(resources.emqxes, namespace, name)
  const status = statusOf(pass.cr)
  const reason = what === 'Create' && role === 'core' ? `CreateNew${KIND[role]}` : `${what}${KIND[role]}`
  const message = {
    Create: `Create new ${WORD[role]}`,
    Update: `Update exist ${WORD[role]}`,
    Revert: `Revert to current ${WORD[role]}`,
  }[what]
  const nowMs = pass.env.clock.now()
  const type = role === 'core' ? 'CoreNodesProgressing' : 'ReplicantNodesProgressing'
  set(status, { type, reason, message }, nowMs)
  remove(status, 'Ready', 'Available', role === 'core' ? 'CoreNodesReady' : 'ReplicantNodesReady')
  if (revision !== undefined) nodesStatus(pass.cr, role).updateRevision = revision
  await writeStatus(pass)
}

/** The name is taken: of the set that is being left, when the new one never served; else another name is tried. */
async function taken(pass: Pass, role: Role, wanted: StatefulSet) {
  const counts = nodesStatus(pass.cr, role)
  const condition = newest(pass.cr.status)
  if (condition !== 'Available' && condition !== 'Ready' && revisionOf(wanted) === counts.currentRevision) {
    await announce(pass, role, 'Revert', revisionOf(wanted))
    return undefined
  }
  counts.collisionCount = (counts.collisionCount ?? 0) + 1
  await writeStatus(pass)
  return { requeueAfterMs: 0 }
}

async function sync(pass: Pass, role: Role, template: NodesTemplate) {
  const { update } = await setsOf(pass, role)
  const collisions = nodesStatus(pass.cr, role).collisionCount ?? 0
  const wanted = pass.hooks.setToWrite(
    pass,
    setFor(pass.cr, role, template, dashboardPorts(pass.config), collisions),
  )
  if (update === undefined || !sameTemplate(lastWritten(update), wanted)) {
    try {
      await pass.env.kube.create(resourceOf(role), written(pass, wanted))
    } catch (error) {
      if (isAlreadyExists(error)) return taken(pass, role, wanted)
      throw error
    }
    await announce(pass, role, 'Create', revisionOf(wanted))
    return undefined
  }
  const { what } = await createOrUpdate(pass, asStored(wanted, update))
  if (what !== 'unchanged') await announce(pass, role, 'Update')
  return undefined
}

/** Updates the newest set of cores, or creates another when the pods differ. */
export const addCores: Step = (pass) => sync(pass, 'core', pass.cr.spec.coreTemplate)

/** Replicants come, and change, only once the cores are ready. */
export const addReplicants: Step = async (pass) => {
  const template = pass.cr.spec.replicantTemplate
  if (!template || find(pass.cr.status, 'CoreNodesReady') === undefined) return undefined
  return sync(pass, 'replicant', template)
}

function budget(cr: Emqx, role: Role, { metadata, spec }: NodesTemplate): KubeObject {
  const { minAvailable, maxUnavailable } = spec
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(cr, roleName(cr.metadata.name, role)),
    spec: {
      ...(minAvailable !== undefined && { minAvailable }),
      ...(maxUnavailable !== undefined && { maxUnavailable }),
      selector: { matchLabels: { ...roleLabels(cr, role), ...metadata?.labels } },
    },
  }
}

/** One budget per role. Without bounds in the template, Kubernetes assumes one available pod. */
export function budgets(cr: Emqx): KubeObject[] {
  const { coreTemplate, replicantTemplate } = cr.spec
  const core = budget(cr, 'core', coreTemplate)
  return replicantTemplate && hasReplicants(cr) ? [core, budget(cr, 'replicant', replicantTemplate)] : [core]
}

export const addBudgets: Step = async (pass) => {
  for (const budget of budgets(pass.cr)) await createOrUpdate(pass, budget)
  return undefined
}
