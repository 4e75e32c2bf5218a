import { unsupportedMediaType } from '../errors.ts'
import { applyJsonPatch } from '../patch/json-patch.ts'
import { mergePatch } from '../patch/merge.ts'
import { strategicMergePatch } from '../patch/strategic.ts'

export const JSON_PATCH = 'application/json-patch+json'
export const MERGE_PATCH = 'application/merge-patch+json'
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json'

/** What a PATCH of this media type does. Server-side apply is not served, and custom resources have no strategic merge. */
export function patcher(mediaType: string, isCustom: boolean): (target: unknown, patch: unknown) => unknown {
  if (mediaType === JSON_PATCH) return applyJsonPatch
  if (mediaType === MERGE_PATCH) return mergePatch
  if (mediaType === STRATEGIC_PATCH && !isCustom) return strategicMergePatch
  throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, ...(isCustom ? [] : [STRATEGIC_PATCH])])
}
