import { timestamp } from '#weir/cluster/kubernetes/kinds.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { type FieldError, invalidValue, required } from '../field-error.ts'
import { isObject, type JsonObject } from '../json.ts'
import { setDefault } from '../kinds/pod-spec.ts'
import type { Strategy } from '../resource-type.ts'
import { unknownRules } from '../schema/rules.ts'
import { hasRules } from '../schema/types.ts'
import { parseJsonPath } from '../tables/jsonpath.ts'
import type { Definition, DefinitionVersion } from './definition.ts'

/** Keeps a definition until the last of its resources is gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io'

function complete(object: KubeObject): string[] {
  if (!isObject(object.spec) || !isObject(object.spec.names)) return []
  const { names } = object.spec
  setDefault(names, 'singular', String(names.kind).toLowerCase())
  setDefault(names, 'listKind', `${names.kind}List`)
  setDefault(object.spec, 'conversion', { strategy: 'None' })
  return []
}

/** The names are accepted and served at once, since no other definition can have them (the name says group and plural). */
function established(object: KubeObject): void {
  const { spec } = object as Definition
  const now = timestamp()
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: 'True',
    reason,
    message,
    lastTransitionTime: now,
  })
  object.status = {
    acceptedNames: spec.names,
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    storedVersions: spec.versions.filter((version) => version.storage).map((version) => version.name),
  }
  object.metadata.finalizers = [...(object.metadata.finalizers ?? []), CLEANUP_FINALIZER]
}

function validate(object: KubeObject): FieldError[] {
  const spec = object.spec as JsonObject | undefined
  if (!isObject(spec)) return [required('spec')]
  const { group, names, versions, scope, conversion } = (object as Definition).spec
  if (!group) return [required('spec.group')]
  if (!names?.plural) return [required('spec.names.plural')]
  if (!names.kind) return [required('spec.names.kind')]
  if (!Array.isArray(versions) || versions.length === 0) return [required('spec.versions')]
  const errors: FieldError[] = []
  if (object.metadata.name !== `${names.plural}.${group}`)
    errors.push(
      invalidValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'),
    )
  if (scope !== 'Namespaced' && scope !== 'Cluster') errors.push(required('spec.scope'))
  if (versions.filter((version) => version.storage).length !== 1)
    errors.push(
      invalidValue(
        'spec.versions',
        versions.map((version) => version.name),
        'must have exactly one version marked as storage version',
      ),
    )
  if (conversion?.strategy === 'Webhook' && !conversion.webhook?.clientConfig)
    errors.push(required('spec.conversion.webhook.clientConfig'))
  else if (conversion && !['None', 'Webhook'].includes(conversion.strategy))
    errors.push(
      invalidValue('spec.conversion.strategy', conversion.strategy, 'supported values: "None", "Webhook"'),
    )
  versions.forEach((version, i) => {
    errors.push(...validateVersion(version, `spec.versions[${i}]`))
  })
  return errors
}

function validateVersion(version: DefinitionVersion, field: string): FieldError[] {
  if (!version.name) return [required(`${field}.name`)]
  const errors: FieldError[] = []
  if (!version.schema?.openAPIV3Schema)
    errors.push(required(`${field}.schema.openAPIV3Schema`, 'schemas are required'))
  version.additionalPrinterColumns?.forEach((column, i) => {
    try {
      parseJsonPath(column.jsonPath)
    } catch (cause) {
      const why = messageOf(cause)
      errors.push(invalidValue(`${field}.additionalPrinterColumns[${i}].jsonPath`, column.jsonPath, why))
    }
  })
  return errors
}

export const definitionStrategy: Strategy = {
  decode: complete,
  prepareCreate(object) {
    if (validate(object).length === 0) established(object)
  },
  validate,
  warnings: (object) =>
    (object as Definition).spec.versions.flatMap(({ name, schema: { openAPIV3Schema: schema } = {} }) =>
      (schema && hasRules(schema) ? unknownRules(schema) : []).map(
        (rule) => `spec.versions of ${name}: a rule is not evaluated by this server: ${rule}`,
      ),
    ),
}
