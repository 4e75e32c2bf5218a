import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { unexplained } from '../errors.ts'
import { equal, textAt } from '../json.ts'
import { apiVersionOf, type ResourceType } from '../resource-type.ts'
import { conflictError, conflictsWith } from './conflicts.ts'
import { elementsOf, type FieldSet, parentsOf } from './fields.ts'
import * as managed from './managers.ts'
import { isNamed, type Shape, shapeOf } from './shapes.ts'
import { checkDuplicates, compare, fieldsOf, merge, without } from './walk.ts'

export interface Applier {
  fieldManager: string
  /** Takes fields that others own. */
  force: boolean
  subresource: string | undefined
}

/** What was there before anybody applied. */
const BEFORE_FIRST = 'before-first-apply'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * Server-side apply of a configuration to an object, or to none (structured-merge-diff, merge/update.go: Apply). Fields that
 * this manager applied before and does no longer are removed, unless others own them. Throws a 409 with the conflicts, and
 * a 500 for a configuration that does not fit the schema.
 */
export function applyTo(
  type: ResourceType,
  live: KubeObject | undefined,
  config: KubeObject,
  applier: Applier,
): KubeObject {
  const shape = shapeOf(type)
  const applied = checkedFields(type, shape, config)
  const fields = managed.ownable(applied, applier.subresource, type.hasStatus)
  const { fieldManager: manager, subresource } = applier
  const mine: managed.Manager = {
    ...{ manager, operation: 'Apply', apiVersion: apiVersionOf(type), subresource },
    ...{ time: timestamp(), fields },
  }
  if (!live) return managed.withManagers(config, [mine])

  const before = managed.withoutManagers(live)
  const managers = managersBefore(type, live)
  const last = managers.find((one) => managed.isSame(one, mine))
  const others = managers.filter((one) => one !== last)
  const merged = merge(shape, before, config)
  const after = last ? prune(shape, merged, last.fields, [...others, mine]) : merged
  const { changed, removed } = compare(shape, before, after)
  const conflicts = conflictsWith(others, changed)
  const isAllowed =
    applier.force ||
    (manager === 'kubectl' && conflicts.every(({ path }) => lastApplied(shape, live).has(path)))
  if (conflicts.length > 0 && !isAllowed) throw conflictError(conflicts)
  managed.revoke(others, changed.union(removed))
  const isNoop =
    equal(after, before) && last !== undefined && equal([...last.fields].sort(), [...fields].sort())
  return managed.withManagers(after as KubeObject, [...others, isNoop ? last : mine])
}

function checkedFields(type: ResourceType, shape: Shape, config: KubeObject): FieldSet {
  try {
    checkDuplicates(shape, config)
    return fieldsOf(shape, config)
  } catch (error) {
    const { namespace, name } = config.metadata
    const named = namespace ? `${namespace}/${name}` : name
    throw unexplained(
      `failed to create typed patch object (${named}; ${apiVersionOf(type)}, Kind=${type.kind}): ${messageOf(error)}`,
    )
  }
}

/** An object that nobody has applied yet belongs to one who is named so. */
function managersBefore(type: ResourceType, live: KubeObject): managed.Manager[] {
  const managers = managed.managersOf(live)
  if (managers.length > 0) return managers
  const empty = type.custom ? {} : { spec: {}, status: {} }
  const { changed } = compare(shapeOf(type), empty, managed.withoutManagers(live))
  managed.grant(managers, {
    ...{ manager: BEFORE_FIRST, operation: 'Update', apiVersion: apiVersionOf(type), subresource: undefined },
    fields: managed.ownable(changed, undefined, false),
  })
  return managers
}

/**
 * The merged object without what this manager applied last and does not now, unless another owns it, or owns something in
 * it (the same file: prune, addBackOwnedItems, addBackDanglingItems).
 */
function prune(shape: Shape, merged: unknown, last: FieldSet, managers: readonly managed.Manager[]): unknown {
  const all = (fields: FieldSet) => withNamedParents(shape, fields)
  const inMerged = all(fieldsOf(shape, merged))
  const lastOnes = all(last)
  const owned = all(managers.reduce<FieldSet>((set, one) => set.union(one.fields), new Set()))
  const bare = all(fieldsOf(shape, without(shape, merged, lastOnes)))
  const shared = without(shape, merged, inMerged.difference(bare.union(owned)))
  const left = all(fieldsOf(shape, shared))
  return without(shape, merged, inMerged.difference(left).intersection(lastOnes))
}

/** A struct's field is owned by whoever owns something in it. */
function withNamedParents(shape: Shape, fields: FieldSet): FieldSet {
  const result = new Set(fields)
  for (const path of fields)
    for (const parent of parentsOf(path)) if (isNamed(shape, elementsOf(parent))) result.add(parent)
  return result
}

/** What `kubectl apply` of old has left of its own: kubectl takes that over without a conflict. */
function lastApplied(shape: Shape, live: KubeObject): FieldSet {
  const text = textAt(live, 'metadata', 'annotations', LAST_APPLIED)
  if (text === undefined) return new Set()
  try {
    return fieldsOf(shape, JSON.parse(text))
  } catch {
    return new Set()
  }
}

/**
 * Who owns what after a write that is no apply: whoever wrote it owns what changed (the same file: Update). Objects that
 * nobody ever applied have no managers, and get none.
 */
export function trackUpdate(
  type: ResourceType,
  old: KubeObject,
  object: KubeObject,
  { fieldManager, subresource }: Omit<Applier, 'force'>,
): KubeObject {
  const sent = subresource === undefined ? managed.managersOf(object) : []
  const isCleared = subresource === undefined && managed.clearsManagers(object)
  const managers = isCleared ? [] : sent.length > 0 ? sent : managed.managersOf(old)
  const now = managed.withoutManagers(object) as KubeObject
  if (managers.length === 0) return now
  const { changed, removed } = compare(shapeOf(type), managed.withoutManagers(old), now)
  managed.revoke(managers, changed.union(removed))
  const fields = managed.ownable(changed, subresource, type.hasStatus)
  if (fields.size > 0)
    managed.grant(managers, {
      ...{ manager: fieldManager, operation: 'Update', apiVersion: apiVersionOf(type), subresource, fields },
    })
  return managed.withManagers(now, managers)
}
