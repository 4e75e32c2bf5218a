import { equal } from '../json.ts'
import type { ResourceType, Strategy } from '../resource-type.ts'
import { applyDefaults, prune } from '../schema/pruning.ts'
import type { Schema } from '../schema/types.ts'
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

function customStrategy(definition: Definition, version: DefinitionVersion): Strategy {
  const schema: Schema = version.schema?.openAPIV3Schema ?? {}
  const hasStatus = version.subresources?.status !== undefined
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
      const errors = validateSchema(object, schema)
      if (!old || errors.length === 0) return errors
      // What was stored under an older schema and is not touched by this update may stay (validation ratcheting).
      const before = validateSchema(old, schema)
      return errors.filter((error) => !before.some((known) => equal(known, error)))
    },
    warnings: () => (version.deprecated ? [deprecation] : []),
  }
}
