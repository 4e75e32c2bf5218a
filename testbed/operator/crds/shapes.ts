import type { Schema } from '../../apiserver/schema/types.ts'

export const string: Schema = { type: 'string' }
export const boolean: Schema = { type: 'boolean' }
export const int32: Schema = { type: 'integer', format: 'int32' }
export const int64: Schema = { type: 'integer', format: 'int64' }
export const time: Schema = { type: 'string', format: 'date-time' }
export const strings: Schema = { type: 'array', items: string }
export const stringMap: Schema = { type: 'object', additionalProperties: string }
/** An object of core Kubernetes, not checked here: that happens when a pod or claim is made from it. */
export const anything: Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
/** Fields of one kind, by their names. */
export const fields = (schema: Schema, names: string): Record<string, Schema> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, schema]))

export const list = (items: Schema): Schema => ({ type: 'array', items })

export const object = (properties: Record<string, Schema>, required?: string[]): Schema => ({
  type: 'object',
  ...(required && { required }),
  properties,
})

/** The part of ObjectMeta that templates carry. */
export const metadata = object({
  annotations: stringMap,
  finalizers: strings,
  labels: stringMap,
  name: string,
  namespace: string,
})

/** A list whose entries have some fields as their key. */
export const listMap = (keys: string[], items: Schema): Schema => ({
  type: 'array',
  items,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': keys,
})

/** An object of core Kubernetes that is known by its name. */
export const named: Schema = {
  ...object({ name: string }, ['name']),
  'x-kubernetes-preserve-unknown-fields': true,
}

export const intOrString: Schema = {
  'x-kubernetes-int-or-string': true,
  anyOf: [{ type: 'integer' }, { type: 'string' }],
}

const QUANTITY =
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$'

const quantities: Schema = {
  type: 'object',
  additionalProperties: {
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    pattern: QUANTITY,
    'x-kubernetes-int-or-string': true,
  },
}

export const resourceRequirements = object({
  claims: listMap(['name'], named),
  limits: quantities,
  requests: quantities,
})

export const containerPort = object(
  {
    containerPort: int32,
    hostIP: string,
    hostPort: int32,
    name: string,
    protocol: { type: 'string', default: 'TCP' },
  },
  ['containerPort'],
)
