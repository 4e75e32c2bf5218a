import type { IncomingMessage } from 'node:http'
import { parse as parseYaml } from 'yaml'
import { messageOf } from '#weir/errors/index.ts'
import { ApiError, badRequest, unsupportedMediaType } from '../errors.ts'

export const PROTOBUF = 'application/vnd.kubernetes.protobuf'

/** etcd's own limit is 1.5 MiB; the real server reads 3 MiB. */
const MOST_BYTES = 3 * 1024 * 1024

export const mediaTypeOf = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? 'application/json').split(';')[0]!.trim().toLowerCase()

/** The body as JSON, whether it came as JSON, YAML or protobuf; undefined when there is none. Throws ApiError. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES)
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MOST_BYTES}`)
    chunks.push(chunk)
  }
  if (size === 0) return undefined
  const body = Buffer.concat(chunks)
  const mediaType = mediaTypeOf(request)
  if (mediaType === PROTOBUF) {
    // Loaded with the first such body: a testbed whose clients send JSON does without.
    const { readProtobuf } = await import('../protobuf/decode.ts')
    return readProtobuf(body)
  }
  const text = body.toString()
  try {
    if (mediaType.endsWith('json')) return JSON.parse(text)
    if (mediaType.endsWith('yaml')) return parseYaml(text)
  } catch (cause) {
    const why = messageOf(cause)
    throw badRequest(`the object provided is unrecognized (must be of type JSON or YAML): ${why}`)
  }
  throw unsupportedMediaType(['application/json', 'application/yaml'])
}
