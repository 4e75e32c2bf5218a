import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { equal, isObject, type JsonObject } from '../json.ts'
import { type FieldSet, readFields, writeFields } from './fields.ts'

/** Who wrote which fields: one entry of metadata.managedFields. */
export interface Manager {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  subresource: string | undefined
  time: string | undefined
  fields: FieldSet
}

/** An applier is the same in every version of the API. */
export const isSame = (a: Manager, b: Manager): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.subresource === b.subresource &&
  (a.operation === 'Apply' || a.apiVersion === b.apiVersion)

/** The managers of an object; none where it has no managedFields, or some that cannot be read. */
export function managersOf({ metadata }: KubeObject): Manager[] {
  const entries = Array.isArray(metadata.managedFields) ? metadata.managedFields : []
  return entries.filter(isObject).flatMap((entry) =>
    entry.operation === 'Apply' || entry.operation === 'Update'
      ? {
          manager: String(entry.manager ?? ''),
          operation: entry.operation,
          apiVersion: String(entry.apiVersion ?? ''),
          subresource: entry.subresource === undefined ? undefined : String(entry.subresource),
          time: entry.time === undefined ? undefined : String(entry.time),
          fields: readFields(entry.fieldsV1),
        }
      : [],
  )
}

/** The object with these managers; those that own nothing are left out. */
export function withManagers(object: KubeObject, managers: readonly Manager[]): KubeObject {
  const managedFields = managers
    .filter(({ fields }) => fields.size > 0)
    .sort(byOperationAndTime)
    .map(({ fields, ...entry }) => ({ ...entry, fieldsType: 'FieldsV1', fieldsV1: writeFields(fields) }))
  return { ...object, metadata: { ...object.metadata, managedFields } }
}

function byOperationAndTime(a: Manager, b: Manager): number {
  const keys = (one: Manager) => [one.operation, one.time ?? '', one.manager, one.apiVersion, one.subresource]
  const [first, second] = [keys(a), keys(b)]
  const i = first.findIndex((key, at) => key !== second[at])
  return i < 0 ? 0 : (first[i] ?? '') < (second[i] ?? '') ? -1 : 1
}

/** A client clears the list by sending it empty, or with one empty entry. */
export function clearsManagers({ metadata: { managedFields } }: KubeObject): boolean {
  if (!Array.isArray(managedFields)) return false
  return managedFields.length === 0 || (managedFields.length === 1 && equal(managedFields[0], {}))
}

/** Adds to what a manager owns, as of now. */
export function grant(managers: Manager[], own: Omit<Manager, 'time'>): void {
  const mine: Manager = { ...own, time: timestamp() }
  const known = managers.find((one) => isSame(one, mine))
  if (!known) managers.push(mine)
  else
    Object.assign(known, {
      apiVersion: mine.apiVersion,
      time: mine.time,
      fields: known.fields.union(mine.fields),
    })
}

/** Takes fields from all managers but one. */
export function revoke(managers: readonly Manager[], fields: ReadonlySet<string>, but?: Manager): void {
  for (const one of managers) if (one !== but) one.fields = one.fields.difference(fields)
}

/** Metadata that nobody owns (managedfields/internal/stripmeta.go). */
const NOBODYS: ReadonlySet<string> = new Set([
  'f:apiVersion',
  'f:kind',
  'f:metadata',
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((field) => `f:metadata\0f:${field}`),
])

/** What a write of this path may own: the status by its subresource alone. */
export function ownable(fields: FieldSet, subresource: string | undefined, hasStatus: boolean): FieldSet {
  const isStatus = (path: string) => path === 'f:status' || path.startsWith('f:status\0')
  const kept = [...fields].filter((path) => !hasStatus || isStatus(path) === (subresource === 'status'))
  return new Set(kept).difference(NOBODYS)
}

/** The object without its managedFields, which no manager owns. */
export function withoutManagers(object: KubeObject): JsonObject {
  const { managedFields, ...metadata } = object.metadata
  return { ...object, metadata }
}
