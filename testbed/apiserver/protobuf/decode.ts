import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { messageOf } from '#weir/errors/index.ts'
import { ApiError, badRequest, unsupportedMediaType } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { type Field, isBuiltIn, type Message, messageOfKind, parseMessage } from './messages.ts'
import { messageValue } from './special.ts'

const MAGIC = Buffer.from('k8s\0')
const UNKNOWN = parseMessage(['1 typeMeta bytes', '2 raw bytes'])
const TYPE_META = parseMessage(['1 apiVersion string', '2 kind string'])

/**
 * A body of media type application/vnd.kubernetes.protobuf as the JSON that a Go client would have sent in its place: zero
 * values as encoding/json leaves them out or writes them. Throws a 400 when it is broken or of an unknown kind, and a 415
 * when it is of a custom resource, which has no protobuf (k8s.io/apimachinery, runtime/serializer/protobuf).
 */
export function readProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw badRequest('the body is not Kubernetes protobuf')
  try {
    const envelope = wiresOf(body.subarray(MAGIC.length), UNKNOWN)
    const { apiVersion, kind } = decode(lastBytes(envelope.get(1)), TYPE_META) as Record<string, string>
    const message = messageOfKind(apiVersion!, kind!)
    if (!message) throw unknownKind(apiVersion!, kind!)
    return { apiVersion, kind, ...decode(lastBytes(envelope.get(2)), message) }
  } catch (error) {
    // The others are the reader's, and those of JSON inside a message that is not JSON.
    if (error instanceof ApiError || error instanceof TypeError) throw error
    throw badRequest(`the protobuf body cannot be read: ${messageOf(error)}`)
  }
}

function unknownKind(apiVersion: string, kind: string): ApiError {
  if (!isBuiltIn(apiVersion)) return unsupportedMediaType(['application/json', 'application/yaml'])
  const named = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`
  return badRequest(`${named} in scheme "pkg/api/legacyscheme/scheme.go:30"`)
}

type Wire = string | number | boolean | Uint8Array

const WIRE_TYPES: Readonly<Record<string, WireType>> = {
  int: WireType.Varint,
  bool: WireType.Varint,
  double: WireType.Bit64,
}

function readWire(reader: BinaryReader, type: string): Wire {
  if (type === 'int') return Number(reader.int64())
  if (type === 'bool') return reader.bool()
  if (type === 'double') return reader.double()
  return type === 'string' ? reader.string() : reader.bytes()
}

/** The values of each known field, in their order; what the message does not know is skipped. */
function wiresOf(bytes: Uint8Array, message: Message): Map<number, Wire[]> {
  const reader = new BinaryReader(bytes)
  const found = new Map<number, Wire[]>()
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag()
    const field = message.find((one) => one.number === number)
    if (!field) {
      reader.skip(wireType, number)
      continue
    }
    const type = field.many === 'map' ? 'pair' : field.type
    const values = found.get(number) ?? []
    found.set(number, values)
    const expected = WIRE_TYPES[type] ?? WireType.LengthDelimited
    if (wireType === expected) values.push(readWire(reader, type))
    else if (wireType === WireType.LengthDelimited && field.many === 'list') {
      const packed = new BinaryReader(reader.bytes())
      while (packed.pos < packed.len) values.push(readWire(packed, type))
    } else throw new Error(`wrong wireType = ${wireType} for field ${field.name}`)
  }
  return found
}

function decode(bytes: Uint8Array, message: Message): JsonObject {
  const wires = wiresOf(bytes, message)
  const result: JsonObject = {}
  for (const field of message) {
    const value = jsonOfField(field, wires.get(field.number) ?? [])
    if (field.name === undefined) Object.assign(result, value)
    else if (value !== undefined) result[field.name] = value
  }
  return result
}

/** As encoding/json writes the field; undefined when it leaves it out. */
function jsonOfField(field: Field, wires: Wire[]): unknown {
  const { type, omits, isPointer, many } = field
  const isAbsent = wires.length === 0
  if (isAbsent && (many || isPointer || type === 'bytes' || type === 'strings'))
    return omits ? undefined : null
  if (many === 'list') return wires.map((wire) => oneValue(type, wire))
  if (many === 'map') return Object.fromEntries(wires.map((pair) => pairOf(field, pair as Uint8Array)))
  const value = isAbsent ? zeroOf(type) : oneValue(type, isScalar(type) ? wires.at(-1)! : inOne(wires))
  return omits && !isPointer && isEmpty(value) ? undefined : value
}

/** A message that is sent in pieces is the pieces one after the other (protobuf.dev, "Last One Wins"). */
const inOne = (wires: Wire[]): Uint8Array => Buffer.concat(wires as Uint8Array[])

const isScalar = (type: string) => type in ZEROS

/** What omitempty leaves out, and omitzero of a time, which is null then. */
const isEmpty = (value: unknown) => value === null || value === '' || value === 0 || value === false

const ZEROS: Readonly<Record<string, Wire>> = { int: 0, bool: false, double: 0, string: '', bytes: '' }

const zeroOf = (type: string): unknown => ZEROS[type] ?? oneValue(type, new Uint8Array())

function oneValue(type: string, wire: Wire): unknown {
  if (!(wire instanceof Uint8Array)) return wire
  return type === 'bytes' ? Buffer.from(wire).toString('base64') : messageValue(type, wire, decode)
}

/** A map is a list of pairs, the key in field 1 and the value in field 2. */
function pairOf({ type }: Field, bytes: Uint8Array): [string, unknown] {
  const wires = wiresOf(bytes, parseMessage(['1 key string', `2 value ${type}`]))
  const value = wires.get(2)?.at(-1)
  return [String(wires.get(1)?.at(-1) ?? ''), value === undefined ? zeroOf(type) : oneValue(type, value)]
}

const lastBytes = (wires: Wire[] | undefined): Uint8Array =>
  (wires?.at(-1) as Uint8Array | undefined) ?? new Uint8Array()
