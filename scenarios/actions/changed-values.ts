import { withoutSecrets } from '#weir/record/index.ts'
import { isObject } from './is-object.ts'

/** What a merge patch changed: "spec.replicas 3 to 5", a value that was not there as "none". No secrets. */
export function changedValues(patch: unknown, before: unknown, after: unknown): string {
  const [was, is] = [withoutSecrets(before), withoutSecrets(after)]
  return leaves(patch)
    .map((path) => `${path.join('.')} ${shown(valueAt(was, path))} to ${shown(valueAt(is, path))}`)
    .join(', ')
}

/** The paths of a patch down to its values; a list is a value. */
function leaves(patch: unknown, path: string[] = []): string[][] {
  if (!isObject(patch) || Object.keys(patch).length === 0) return [path]
  return Object.entries(patch).flatMap(([key, value]) => leaves(value, [...path, key]))
}

const valueAt = (object: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), object)

const shown = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value))
