import { isDeepStrictEqual } from 'node:util'
import { isAlreadyExists } from '#weir/cluster/kubernetes/api-errors.ts'
import type { StatefulSet, TemplateMeta } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import { createOrUpdate, written } from '../../apply.ts'
import { decodeLastApplied } from '../../runtime/last-applied.ts'
import { find, newest, remove, set } from '../conditions.ts'
import { dashboardPorts } from '../config.ts'
import { HASH, type Role } from '../names.ts'
import { revisionOf, setFor } from '../objects/set.ts'
import type { Pass, Step } from '../pass.ts'
import { resourceOf, setsOf } from '../sets.ts'
import { nodesStatus, statusOf } from '../status.ts'
import type { Emqx, NodesTemplate } from '../types.ts'
import { writeStatus } from './write-status.ts'

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

const lastWish = (stored: StatefulSet): StatefulSet =>
  (decodeLastApplied(stored) as StatefulSet | undefined) ?? stored

/** The wish under the name, the labels and the selector of a set whose pods it does not change. */
function asStored(wish: StatefulSet, stored: StatefulSet): StatefulSet {
  const before = lastWish(stored)
  const metadata: TemplateMeta = before.spec.template.metadata ?? {}
  return {
    ...wish,
    metadata: before.metadata,
    spec: {
      ...wish.spec,
      selector: before.spec.selector,
      template: { ...wish.spec.template, metadata },
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
async function taken(pass: Pass, role: Role, wish: StatefulSet) {
  const told = nodesStatus(pass.cr, role)
  const condition = newest(pass.cr.status)
  if (condition !== 'Available' && condition !== 'Ready' && revisionOf(wish) === told.currentRevision) {
    await announce(pass, role, 'Revert', revisionOf(wish))
    return undefined
  }
  told.collisionCount = (told.collisionCount ?? 0) + 1
  await writeStatus(pass)
  return { requeueAfterMs: 0 }
}

async function sync(pass: Pass, role: Role, template: NodesTemplate) {
  const { update } = await setsOf(pass, role)
  const collisions = nodesStatus(pass.cr, role).collisionCount ?? 0
  const wish = setFor(pass.cr, role, template, dashboardPorts(pass.config), collisions)
  if (update === undefined || !sameTemplate(lastWish(update), wish)) {
    try {
      await pass.env.kube.create(resourceOf(role), written(pass, wish))
    } catch (error) {
      if (isAlreadyExists(error)) return taken(pass, role, wish)
      throw error
    }
    await announce(pass, role, 'Create', revisionOf(wish))
    return undefined
  }
  const { what } = await createOrUpdate(pass, asStored(wish, update))
  if (what !== 'unchanged') await announce(pass, role, 'Update')
  return undefined
}

/** The cores that the resource asks for: in the newest set, or in one more beside it when their pods differ. */
export const addCores: Step = (pass) => sync(pass, 'core', pass.cr.spec.coreTemplate)

/** Replicants come, and change, only once the cores are ready. */
export const addReplicants: Step = async (pass) => {
  const template = pass.cr.spec.replicantTemplate
  if (!template || find(pass.cr.status, 'CoreNodesReady') === undefined) return undefined
  return sync(pass, 'replicant', template)
}
