import type { JsonObject } from '../json.ts'
import { type Message, messageNamed, parseMessage } from './messages.ts'

type Decode = (bytes: Uint8Array, message: Message) => JsonObject

const TIMESTAMP = parseMessage(['1 seconds int', '2 nanos int'])
const QUANTITY = parseMessage(['1 text string'])
const INT_OR_STRING = parseMessage(['1 type int', '2 number int', '3 text string'])
const RAW = parseMessage(['1 raw bytes'])
const STRINGS = parseMessage(['1 items list string'])
const PROPS = 'apiextensions.JSONSchemaProps'
const SCHEMA_OR_BOOL = parseMessage(['1 allows bool', `2 schema pointer ${PROPS}`])
const SCHEMA_OR_ARRAY = parseMessage([`1 schema pointer ${PROPS}`, `2 list list ${PROPS}`])
const SCHEMA_OR_STRINGS = parseMessage([`1 schema pointer ${PROPS}`, '2 list list string'])

/**
 * Messages whose Go type has a JSON form of its own (MarshalJSON in k8s.io/apimachinery and k8s.io/apiextensions-apiserver).
 * No bytes are the type's zero value.
 */
const SPECIAL: Readonly<Record<string, (bytes: Uint8Array, decode: Decode) => unknown>> = {
  time: (bytes, decode) => (bytes.length === 0 ? null : timeText(decode(bytes, TIMESTAMP), 0)),
  microTime: (bytes, decode) => (bytes.length === 0 ? null : timeText(decode(bytes, TIMESTAMP), 6)),
  quantity: (bytes, decode) => decode(bytes, QUANTITY).text || '0',
  intOrString(bytes, decode) {
    const { type, number, text } = decode(bytes, INT_OR_STRING)
    return type === 0 ? number : text
  },
  json(bytes, decode) {
    const { raw } = decode(bytes, RAW)
    return raw ? JSON.parse(Buffer.from(String(raw), 'base64').toString()) : null
  },
  strings: (bytes, decode) => decode(bytes, STRINGS).items,
  schemaOrBool(bytes, decode) {
    const { allows, schema } = decode(bytes, SCHEMA_OR_BOOL)
    return schema ?? allows
  },
  schemaOrArray: (bytes, decode) => listOrSchema(decode(bytes, SCHEMA_OR_ARRAY)),
  schemaOrStrings: (bytes, decode) => listOrSchema(decode(bytes, SCHEMA_OR_STRINGS)),
}

const listOrSchema = ({ list, schema }: JsonObject) => list ?? schema

/** RFC 3339 in UTC with this many digits of a second, as Time (0) and MicroTime (6) are written. */
function timeText({ seconds, nanos }: JsonObject, digits: number): string {
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  return digits === 0 ? `${whole}Z` : `${whole}.${String(nanos).padStart(9, '0').slice(0, digits)}Z`
}

/** A message that is no scalar: in its own JSON form, or as an object. */
export function messageValue(type: string, bytes: Uint8Array, decode: Decode): unknown {
  const special = SPECIAL[type]
  return special ? special(bytes, decode) : decode(bytes, messageNamed(type))
}
