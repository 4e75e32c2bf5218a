/** The part of OpenAPI v3 that a structural schema may use (Kubernetes "Extend the API with CustomResourceDefinitions"). */
export interface Schema {
  type?: string
  format?: string
  nullable?: boolean
  default?: unknown
  enum?: unknown[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  required?: string[]
  items?: Schema
  minimum?: number
  maximum?: number
  exclusiveMinimum?: boolean
  exclusiveMaximum?: boolean
  multipleOf?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  minProperties?: number
  maxProperties?: number
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  not?: Schema
  'x-kubernetes-preserve-unknown-fields'?: boolean
  'x-kubernetes-int-or-string'?: boolean
  'x-kubernetes-embedded-resource'?: boolean
  'x-kubernetes-map-type'?: 'atomic' | 'granular'
  'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map'
  'x-kubernetes-list-map-keys'?: string[]
  'x-kubernetes-validations'?: Rule[]
}

/** A rule in CEL (Kubernetes "CustomResourceDefinitions", "Validation rules"). */
export interface Rule {
  rule: string
  message?: string
  messageExpression?: string
  reason?: string
  /** Where the error is shown, below the rule's own place: `.spec.replicas`. */
  fieldPath?: string
  optionalOldSelf?: boolean
}

/** Schema of a map's values, when the object is a map. */
export const valuesOf = (schema: Schema): Schema | undefined =>
  typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined

/** Whether any schema inside carries CEL rules. */
export function hasRules(schema: Schema): boolean {
  if (schema['x-kubernetes-validations']?.length) return true
  const inner = [...Object.values(schema.properties ?? {}), schema.items, valuesOf(schema)]
  return inner.some((item) => item !== undefined && hasRules(item))
}
