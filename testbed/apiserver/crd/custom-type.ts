import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { type FieldError, invalidValue } from '../field-error.ts'
import { equal } from '../json.ts'
import type { ResourceType, Strategy } from '../resource-type.ts'
import { applyDefaults, prune } from '../schema/pruning.ts'
import { validateRules } from '../schema/rules.ts'
import { hasRules, type Schema } from '../schema/types.ts'
import { validateSchema } from '../schema/validation.ts'
import { customTable } from '../tables/custom.ts'
import type { Definition, DefinitionVersion } from './definition.ts'

/** The resources that a CustomResourceDefinition serves, one for each served version. */
export function customTypes(definition: Definition): ResourceType[] {
  const { spec } = definition
  const { conversion } = spec
  const webhook = conversion?.strategy === 'Webhook' ? conversion.webhook : undefined
  const storage = spec.versions.find((version) => version.storage)!
  return spec.versions
    .filter((version) => version.served)
    .map((version) => ({
      group: spec.group,
      version: version.name,
      plural: spec.names.plural,
      singular: spec.names.singular,
      kind: spec.names.kind,
      listKind: spec.names.listKind,
      namespaced: spec.scope === 'Namespaced',
      shortNames: spec.names.shortNames ?? [],
      categories: spec.names.categories ?? [],
      bucket: `${spec.group}/${spec.names.plural}`,
      storageVersion: storage.name,
      ...(webhook && {
        conversion: {
          clientConfig: webhook.clientConfig,
          reviewVersions: webhook.conversionReviewVersions,
        },
      }),
      custom: true,
      ...(version.schema?.openAPIV3Schema && { schema: version.schema.openAPIV3Schema }),
      hasStatus: version.subresources?.status !== undefined,
      hasGeneration: true,
      ...(version.subresources?.scale && { scale: version.subresources.scale }),
      strategy: customStrategy(definition, version),
      table: customTable(version.additionalPrinterColumns),
    }))
}

/** What such an error concerns may not be of the shape that rules take it for. */
const blocksRules = ({ reason }: FieldError) =>
  [
    'FieldValueNotSupported',
    'FieldValueRequired',
    'FieldValueTooLong',
    'FieldValueTooMany',
    'FieldValueTypeInvalid',
  ].includes(reason)

const RULES_UNCHECKED = invalidValue(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
)

function customStrategy(definition: Definition, version: DefinitionVersion): Strategy {
  const schema: Schema = version.schema?.openAPIV3Schema ?? {}
  const hasStatus = version.subresources?.status !== undefined
  const withRules = hasRules(schema)
  const check = (object: KubeObject, old: KubeObject | undefined): FieldError[] => {
    const errors = validateSchema(object, schema)
    if (!withRules) return errors
    return errors.some(blocksRules)
      ? [...errors, RULES_UNCHECKED]
      : [...errors, ...validateRules(object, old, schema)]
  }
  const deprecation =
    version.deprecationWarning ??
    `${definition.spec.group}/${version.name} ${definition.spec.names.kind} is deprecated`
  return {
    decode(object) {
      const unknown = definition.spec.preserveUnknownFields ? [] : prune(object, schema)
      applyDefaults(object, schema)
      return unknown
    },
    prepareCreate(object) {
      if (hasStatus) delete object.status
    },
    validate(object, old) {
      const errors = check(object, old)
      if (!old || errors.length === 0) return errors
      // What was stored under an older schema and is not touched by this update may stay (validation ratcheting).
      const before = check(old, undefined)
      return errors.filter((error) => !before.some((known) => equal(known, error)))
    },
    warnings: () => (version.deprecated ? [deprecation] : []),
  }
}
