import { badRequest } from '../errors.ts'
import { clone, equal, isObject, type JsonObject } from '../json.ts'

const DELETE_FROM = '$deleteFromPrimitiveList/'
const SET_ORDER = '$setElementOrder/'

/**
 * Strategic merge patch (Kubernetes community, "Strategic Merge Patch"): a merge patch whose lists of keyed objects are
 * merged by their key, with the directives $patch (delete, replace, merge), $retainKeys, $deleteFromPrimitiveList and
 * $setElementOrder. Neither argument is changed.
 */
export function strategicMergePatch(target: unknown, patch: unknown, path: readonly string[] = []): unknown {
  if (!isObject(patch)) return clone(patch)
  const directive = patch.$patch
  if (directive === 'delete') return {}
  if (directive === 'replace') return withoutDirectives(patch)
  const result: JsonObject = isObject(target) ? { ...target } : {}
  const retain = patch.$retainKeys
  if (Array.isArray(retain))
    for (const key of Object.keys(result)) if (!retain.includes(key)) delete result[key]
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) {
      const list = key.slice(DELETE_FROM.length)
      if (Array.isArray(result[list]) && Array.isArray(value))
        result[list] = (result[list] as unknown[]).filter((item) => !value.some((gone) => equal(gone, item)))
    }
    if (key.startsWith('$')) continue
    if (value === null) delete result[key]
    else if (Array.isArray(value)) result[key] = mergeList(result[key], value, [...path, key])
    else if (value !== undefined) result[key] = strategicMergePatch(result[key], value, [...path, key])
  }
  for (const [key, order] of Object.entries(patch))
    if (key.startsWith(SET_ORDER) && Array.isArray(order)) {
      const list = key.slice(SET_ORDER.length)
      if (Array.isArray(result[list]))
        result[list] = reorder(result[list], order, mergeKeyOf([...path, list]))
    }
  return result
}

function mergeList(current: unknown, patch: unknown[], path: readonly string[]): unknown[] {
  const old = Array.isArray(current) ? current : []
  if (isMergedSet(path)) return [...old, ...patch.filter((item) => !old.includes(item))]
  const mergeKey = mergeKeyOf(path)
  if (mergeKey === undefined) return patch.filter((item) => !isReplaceMark(item)).map((item) => clone(item))
  if (patch.some(isReplaceMark))
    return patch.filter((item) => !isReplaceMark(item)).map((item) => clone(item))
  let result = [...old]
  for (const item of patch) {
    if (!isObject(item) || item[mergeKey] === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`)
    const index = result.findIndex((other) => isObject(other) && other[mergeKey] === item[mergeKey])
    if (item.$patch === 'delete') result = result.filter((_, i) => i !== index)
    else if (index < 0) result.push(withoutDirectives(strategicMergePatch({}, item, path) as JsonObject))
    else result[index] = strategicMergePatch(result[index], item, path)
  }
  return result
}

const isReplaceMark = (item: unknown) =>
  isObject(item) && item.$patch === 'replace' && Object.keys(item).length === 1

function withoutDirectives(value: JsonObject): JsonObject {
  const copy = clone(value)
  for (const key of Object.keys(copy)) if (key.startsWith('$')) delete copy[key]
  return copy
}

/** Items named by the patch come in its order; the others keep their place after those they followed. */
function reorder(list: unknown[], order: unknown[], mergeKey: string | undefined): unknown[] {
  const keyOf = (item: unknown) => (mergeKey && isObject(item) ? item[mergeKey] : item)
  const wanted = order.map(keyOf)
  const place = (item: unknown) => wanted.findIndex((key) => equal(key, keyOf(item)))
  const named = list.filter((item) => place(item) >= 0).sort((a, b) => place(a) - place(b))
  const result: unknown[] = []
  for (const item of list) result.push(place(item) >= 0 ? named.shift() : item)
  return result
}

/**
 * How strategic merge patch treats the lists of built-in kinds (the patchStrategy and patchMergeKey tags of k8s.io/api).
 * Lists that are not named here are replaced whole.
 */
const BY_FIELD: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  secrets: 'name',
  webhooks: 'name',
  resourceClaims: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  conditions: 'type',
  addresses: 'type',
  ownerReferences: 'uid',
  hostAliases: 'ip',
  podIPs: 'ip',
  hostIPs: 'ip',
  topologySpreadConstraints: 'topologyKey',
}

/** Lists of scalars that are merged as sets. */
const SETS = new Set(['finalizers'])

/** `inContainer`: the ports of a container are told apart by containerPort, those of a Service by port. */
function mergeKeyOf(path: readonly string[]): string | undefined {
  const field = path.at(-1)!
  if (field === 'ports')
    return /[cC]ontainers$/.test(path.at(-2) ?? '') ? 'containerPort' : servicePorts(path)
  if (field === 'addresses' && path.includes('subsets')) return undefined
  return BY_FIELD[field]
}

/** Only a Service's own ports merge; those of Endpoints and EndpointSlices are atomic. */
const servicePorts = (path: readonly string[]) =>
  path.length === 2 && path[0] === 'spec' ? 'port' : undefined

const isMergedSet = (path: readonly string[]): boolean => SETS.has(path.at(-1)!)
