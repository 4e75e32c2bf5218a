import { isAlreadyExists, unlessGone } from '#weir/cluster/kubernetes/api-errors.ts'
import {
  type ControllerRevision,
  controllerOf,
  type StatefulSet,
  selects,
} from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { safeHash } from '../../runtime/hash.ts'
import { ownerOf } from './identity.ts'

export interface Revisions {
  /** What pods run until an update is complete. */
  current: ControllerRevision
  /** The set's template now. */
  update: ControllerRevision
  collisionCount: number
}

const dataOf = ({ spec }: StatefulSet): ControllerRevision['data'] => ({
  spec: { template: { ...spec.template, $patch: 'replace' } as StatefulSet['spec']['template'] },
})

/** The set's revisions from oldest to newest; `all` may hold those of other sets too. */
export function revisionsOf(set: StatefulSet, all: ControllerRevision[]): ControllerRevision[] {
  return all
    .filter((revision) => controllerOf(revision)?.uid === set.metadata.uid)
    .sort((a, b) => a.revision - b.revision)
}

/**
 * The revisions that a sync works with. A template that is new makes one; one that was had before (a rollback) becomes the
 * newest again.
 */
export async function settleRevisions(
  kube: KubeApi,
  set: StatefulSet,
  known: ControllerRevision[],
): Promise<Revisions> {
  const data = dataOf(set)
  const text = canonicalText(data)
  const next = (known.at(-1)?.revision ?? 0) + 1
  const same = known.findLast((revision) => canonicalText(revision.data) === text)
  let collisionCount = set.status?.collisionCount ?? 0
  let update = same
  if (!same) ({ revision: update, collisionCount } = await create(kube, set, data, next, collisionCount))
  else if (same !== known.at(-1))
    update = await kube.replace(resources.controllerRevisions, { ...same, revision: next })
  const current = known.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update!
  return { current, update: update!, collisionCount }
}

async function create(
  kube: KubeApi,
  set: StatefulSet,
  data: ControllerRevision['data'],
  revision: number,
  collisions: number,
): Promise<{ revision: ControllerRevision; collisionCount: number }> {
  const { namespace, name } = set.metadata
  for (let collisionCount = collisions; ; collisionCount++) {
    const hash = safeHash(Buffer.from(`${canonicalText(data)}${collisionCount || ''}`))
    const wanted: ControllerRevision = {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}-${hash}`,
        namespace,
        labels: { ...set.spec.template.metadata?.labels, 'controller.kubernetes.io/hash': hash },
        ownerReferences: [ownerOf(set)],
      },
      data,
      revision,
    }
    try {
      return { revision: await kube.create(resources.controllerRevisions, wanted), collisionCount }
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      const existing = await unlessGone(
        kube.get<ControllerRevision>(resources.controllerRevisions, namespace, wanted.metadata.name),
      )
      // Made by an earlier sync that the cache does not show yet, or left over from an earlier set.
      if (existing && canonicalText(existing.data) === canonicalText(data))
        return { revision: existing, collisionCount }
    }
  }
}

/** Adopts the revisions of an earlier set of this name, since pods carry their names. */
export async function adoptRevisions(
  kube: KubeApi,
  set: StatefulSet,
  all: ControllerRevision[],
): Promise<ControllerRevision[]> {
  const orphans = all.filter(
    (revision) =>
      !controllerOf(revision) &&
      revision.metadata.name.startsWith(`${set.metadata.name}-`) &&
      selects(set.spec.selector.matchLabels, revision.metadata.labels),
  )
  const adopted: ControllerRevision[] = []
  for (const { metadata } of orphans) {
    const body = { metadata: { uid: metadata.uid, ownerReferences: [ownerOf(set)] } }
    const { namespace, name } = metadata
    const own = await unlessGone(
      kube.patch<ControllerRevision>(resources.controllerRevisions, namespace, name, 'merge', body),
    )
    if (own) adopted.push(own)
  }
  return adopted
}

/** Deletes the oldest revisions that nothing uses, beyond revisionHistoryLimit. */
export async function truncateHistory(
  kube: KubeApi,
  set: StatefulSet,
  known: ControllerRevision[],
  live: Set<string | undefined>,
): Promise<void> {
  const idle = known.filter(({ metadata }) => !live.has(metadata.name))
  const excess = idle.length - (set.spec.revisionHistoryLimit ?? 10)
  for (const { metadata } of idle.slice(0, Math.max(excess, 0)))
    await unlessGone(kube.delete(resources.controllerRevisions, metadata.namespace, metadata.name))
}

/** The value with its keys in order, so that equal templates have equal texts. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, canonical(item)]),
  )
}

export const canonicalText = (value: unknown): string => JSON.stringify(canonical(value))
