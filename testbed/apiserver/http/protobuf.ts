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

type Kind = 'text' | 'bytes' | 'number' | 'flag' | 'time' | Message
interface Field {
  name: string
  kind: Kind
  /** Protobuf writes lists as repeated fields, and maps as repeated pairs. */
  many?: 'list' | 'map'
}
type Message = { readonly [number: number]: Field }

const text = (name: string): Field => ({ name, kind: 'text' })
const number = (name: string): Field => ({ name, kind: 'number' })
const flag = (name: string): Field => ({ name, kind: 'flag' })
const inner = (name: string, kind: Message): Field => ({ name, kind })
const list = (name: string, kind: Kind): Field => ({ name, kind, many: 'list' })
const map = (name: string, kind: Kind): Field => ({ name, kind, many: 'map' })

const OWNER: Message = {
  1: text('kind'),
  3: text('name'),
  4: text('uid'),
  5: text('apiVersion'),
  6: flag('controller'),
  7: flag('blockOwnerDeletion'),
}
const METADATA: Message = {
  1: text('name'),
  2: text('generateName'),
  3: text('namespace'),
  5: text('uid'),
  6: text('resourceVersion'),
  8: { name: 'creationTimestamp', kind: 'time' },
  11: map('labels', 'text'),
  12: map('annotations', 'text'),
  13: list('ownerReferences', OWNER),
  14: list('finalizers', 'text'),
}
const metadata = inner('metadata', METADATA)
const DELETE_OPTIONS: Message = {
  1: number('gracePeriodSeconds'),
  2: inner('preconditions', { 1: text('uid'), 2: text('resourceVersion') }),
  3: flag('orphanDependents'),
  4: text('propagationPolicy'),
  5: list('dryRun', 'text'),
}
const ATTRIBUTES: Message = {
  1: text('namespace'),
  2: text('verb'),
  3: text('group'),
  4: text('version'),
  5: text('resource'),
  6: text('subresource'),
  7: text('name'),
}
const PATH_ATTRIBUTES: Message = { 1: text('path'), 2: text('verb') }
const RULE: Message = {
  1: list('verbs', 'text'),
  2: list('apiGroups', 'text'),
  3: list('resources', 'text'),
  4: list('resourceNames', 'text'),
  5: list('nonResourceURLs', 'text'),
}
const SUBJECT: Message = { 1: text('kind'), 2: text('apiGroup'), 3: text('name'), 4: text('namespace') }
const ROLE: Message = { 1: metadata, 2: list('rules', RULE) }
const BINDING: Message = {
  1: metadata,
  2: list('subjects', SUBJECT),
  3: inner('roleRef', { 1: text('apiGroup'), 2: text('kind'), 3: text('name') }),
}
const MESSAGES: Readonly<Record<string, Message>> = {
  Namespace: { 1: metadata },
  ServiceAccount: { 1: metadata },
  ConfigMap: { 1: metadata, 2: map('data', 'text'), 3: map('binaryData', 'bytes'), 4: flag('immutable') },
  Secret: {
    1: metadata,
    2: map('data', 'bytes'),
    3: text('type'),
    4: map('stringData', 'text'),
    5: flag('immutable'),
  },
  DeleteOptions: DELETE_OPTIONS,
  Eviction: { 1: metadata, 2: inner('deleteOptions', DELETE_OPTIONS) },
  SelfSubjectAccessReview: {
    1: metadata,
    2: inner('spec', {
      1: inner('resourceAttributes', ATTRIBUTES),
      2: inner('nonResourceAttributes', PATH_ATTRIBUTES),
    }),
  },
  SelfSubjectRulesReview: { 1: metadata, 2: inner('spec', { 1: text('namespace') }) },
  SelfSubjectReview: { 1: metadata },
  TokenRequest: {
    1: metadata,
    2: inner('spec', { 1: list('audiences', 'text'), 4: number('expirationSeconds') }),
  },
  Role: ROLE,
  ClusterRole: ROLE,
  RoleBinding: BINDING,
  ClusterRoleBinding: BINDING,
}

/** The body as JSON; undefined when it is of a kind that this server reads as JSON only. Throws a 400 when it is broken. */
export function readProtobuf(body: Buffer): JsonObject | undefined {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw badRequest('the body is not Kubernetes protobuf')
  const typeMeta: Message = { 1: text('apiVersion'), 2: text('kind') }
  const envelope = decode(body.subarray(MAGIC.length), {
    1: inner('typeMeta', typeMeta),
    2: { name: 'raw', kind: 'bytes' },
  })
  const { apiVersion, kind } = envelope.typeMeta as { apiVersion: string; kind: string }
  const message = MESSAGES[kind]
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
      if (field) result[field.name] = field.kind === 'flag' ? value !== 0 : value
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

function put(result: JsonObject, { name, kind, many }: Field, content: Buffer): void {
  if (many === 'map') {
    const pair = decode(content, { 1: text('key'), 2: { name: 'value', kind } })
    const empty = ''
    result[name] = {
      ...(result[name] as JsonObject | undefined),
      [String(pair.key ?? '')]: pair.value ?? empty,
    }
  } else if (many === 'list')
    result[name] = [...((result[name] as unknown[] | undefined) ?? []), contentAs(kind, content)]
  else if (kind === 'time' || (kind === 'text' && content.length === 0)) return
  else result[name] = contentAs(kind, content)
}

function contentAs(kind: Kind, content: Buffer): unknown {
  if (typeof kind === 'object') return decode(content, kind)
  return kind === 'bytes' ? content.toString('base64') : content.toString()
}
