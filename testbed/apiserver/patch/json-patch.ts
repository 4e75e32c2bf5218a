import jsonPatch from 'fast-json-patch'
import { ApiError, badRequest } from '../errors.ts'
import { clone, isObject } from '../json.ts'

/**
 * JSON Patch (RFC 6902) as the API server applies it: a body that is no patch is a 400, a patch that cannot be applied
 * (a failed test, a path that does not exist) a 422.
 */
export function applyJsonPatch(target: unknown, operations: unknown): unknown {
  if (!Array.isArray(operations) || !operations.every(isObject))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    )
  const copy = clone(target)
  const sound = operations as unknown as Parameters<typeof jsonPatch.applyPatch>[1]
  try {
    return jsonPatch.applyPatch(copy, sound as never, true).newDocument
  } catch (cause) {
    const error = cause as { name?: string; message?: string; operation?: { op?: string; path?: string } }
    const what = error.operation ? `${error.operation.op} operation does not apply` : 'patch does not apply'
    const where = error.operation?.path
      ? `: doc is missing path or test failed: "${error.operation.path}"`
      : ''
    throw new ApiError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${what}${where}`,
      {},
    )
  }
}
