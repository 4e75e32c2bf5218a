import { readFileSync } from 'node:fs'
import { badRequest } from '../errors.ts'
import type { JsonObject } from '../json.ts'

/**
 * Reads the few messages that newer kubectls send as protobuf however the server answers: what `kubectl create namespace`,
 * `create configmap`, `create secret`, `create serviceaccount`, `create token`, `create role`, `create rolebinding`,
 * `auth can-i`, `auth whoami`, `drain` and `delete` post. Field numbers are
 * those of the generated.proto files of k8s.io/api and k8s.io/apimachinery.
 */
export const PROTOBUF = 'application/vnd.kubernetes.protobuf'

const MAGIC = Buffer.from('k8s\0')

/** A field by its number, as protobuf.yaml writes it. */
type Message = Readonly<Record<number, string>>

const {
  parts,
  bodies,
}: Record<'parts' | 'bodies', Readonly<Record<string, Message>>> = JSON.parse(
  readFileSync(new URL('./protobuf.json', import.meta.url), 'utf8'),
)

/** The body as JSON; undefined when it is of a kind that this server reads as JSON only. Throws a 400 when it is broken. */
export function readProtobuf(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw badRequest('the body is not Kubernetes protobuf')
  const envelope = decode(body.subarray(MAGIC.length), parts.Unknown!)
  const { apiVersion, kind } = envelope.typeMeta as { apiVersion: string; kind: string }
  const message = bodies[kind]
  if (!message) return undefined
  return { apiVersion, kind, ...decode(Buffer.from(String(envelope.raw ?? ''), 'base64'), message) }
}

function decode(bytes: Buffer, message: Message): JsonObject {
  const result: JsonObject = {}
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63) throw badRequest('the protobuf body ends early')
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const key = varint()
    const wireType = key & 7
    const field = message[Math.floor(key / 8)]
    if (wireType === 0) {
      const value = varint()
      const [name = '', kind] = field?.split(' ') ?? []
      if (field) result[name] = kind === 'flag' ? value !== 0 : value
      continue
    }
    if (wireType !== 2) throw badRequest(`the protobuf body has a field of wire type ${wireType}`)
    const size = varint()
    const content = bytes.subarray(at, at + size)
    at += size
    if (field) put(result, field, content)
  }
  return result
}

/** Protobuf writes lists as repeated fields, and maps as repeated pairs. */
function put(result: JsonObject, field: string, content: Buffer): void {
  const words = field.split(' ')
  const [name = '', many] = words
  const kind = words.length > 1 ? words.at(-1)! : 'text'
  if (many === 'map') {
    const pair = decode(content, { 1: 'key', 2: `value ${kind}` })
    result[name] = { ...(result[name] as JsonObject | undefined), [String(pair.key ?? '')]: pair.value ?? '' }
  } else if (many === 'list')
    result[name] = [...((result[name] as unknown[] | undefined) ?? []), contentAs(kind, content)]
  else if (kind === 'time' || (kind === 'text' && content.length === 0)) return
  else result[name] = contentAs(kind, content)
}

function contentAs(kind: string, content: Buffer): unknown {
  const part = parts[kind]
  if (part !== undefined) return decode(content, part)
  return kind === 'bytes' ? content.toString('base64') : content.toString()
}
