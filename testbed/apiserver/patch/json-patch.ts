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
    // A real server does not say which operation it was.
    const message = 'the server rejected our request due to an error in our request'
    throw new ApiError(422, 'Invalid', message, {}, { cause })
  }
}
