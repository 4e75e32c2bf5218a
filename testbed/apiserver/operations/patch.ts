import { ApiError, unsupportedMediaType } from '../errors.ts'
import { clone, isObject, type JsonObject } from '../json.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { strategicMergePatch } from '../patch/strategic.ts'

const JSON_PATCH = 'application/json-patch+json'
const MERGE_PATCH = 'application/merge-patch+json'
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json'

/** Server-side apply, which operations/apply.ts does. */
export const APPLY_PATCH = 'application/apply-patch+yaml'

/** What a PATCH of any other media type does. Custom resources have no strategic merge. */
export function patcher(mediaType: string, isCustom: boolean): (target: unknown, patch: unknown) => unknown {
  if (mediaType === JSON_PATCH) return applyJsonPatch
  if (mediaType === MERGE_PATCH) return mergePatch
  if (mediaType === STRATEGIC_PATCH && !isCustom) return strategicMergePatch
  // Kinds of patch that exist, and are none of this resource, are named with those that are; others are not.
  if (mediaType === STRATEGIC_PATCH) throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, APPLY_PATCH])
  throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
}

/** JSON Merge Patch (RFC 7386): null removes, objects merge, everything else replaces. Neither argument is changed. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return clone(patch)
  const result: JsonObject = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else if (value !== undefined) result[key] = mergePatch(result[key], value)
  }
  return result
}
