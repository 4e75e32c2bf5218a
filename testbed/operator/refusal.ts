import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { EmulatedLine } from '#weir/facts/index.ts'
import type { Definition } from '../apiserver/crd/definition.ts'
import { applyDefaults, prune } from '../apiserver/schema/pruning.ts'
import { type Schema, valuesOf } from '../apiserver/schema/types.ts'
import { validateSchema } from '../apiserver/schema/validation.ts'
import { definitions } from './crds.ts'
import { LINES } from './lines.ts'
import type { EmqxEnterprise } from './v1beta4/types.ts'
import { withDefaults } from './v1beta4/webhooks/mutate.ts'
import { refusal as refusedByWebhook } from './v1beta4/webhooks/validate.ts'

/** Why a custom resource is refused. */
export interface Refusal {
  /** In the words of the API server or of the operator's webhook. */
  why: string
  /** Of an unknown field: its name, and those that its place has. */
  unknown?: { field: string; known: string[] }
}

/**
 * Why an API server with the operator of this release line refuses a custom resource that is sent with strict field validation, or its change
 * from `old`; undefined where it accepts it. Without a server: by the definition and the webhook alone. Pure.
 */
export function refusalOf(object: KubeObject, line: EmulatedLine, old?: KubeObject): Refusal | undefined {
  const switches = LINES[line]
  const schema = schemaOf(object, line)
  if (schema === undefined)
    return { why: `the EMQX Operator ${line} has no ${object.kind} of ${object.apiVersion}` }
  const read = structuredClone(object)
  const [first] = prune(read, schema)
  if (first !== undefined) return { why: `unknown field "${first}"`, unknown: unknownAt(first, schema) }
  applyDefaults(read, schema)
  const [invalid] = validateSchema(read, schema)
  if (invalid) return { why: `${invalid.field}: ${invalid.message}` }
  if (object.kind !== 'EmqxEnterprise') return undefined
  const complete = (one: KubeObject) => withDefaults(one as EmqxEnterprise, switches)
  const why = refusedByWebhook(complete(read), old && complete(old))
  return why === undefined ? undefined : { why }
}

function schemaOf({ apiVersion = '', kind }: KubeObject, line: EmulatedLine): Schema | undefined {
  const [group, name] = apiVersion.split('/')
  const definition = (definitions(LINES[line]) as Definition[]).find(
    ({ spec }) => spec.group === group && spec.names.kind === kind,
  )
  return definition?.spec.versions.find((version) => version.name === name)?.schema?.openAPIV3Schema
}

function unknownAt(path: string, schema: Schema): Refusal['unknown'] {
  const keys = path.split(/\.|\[\d+\]\.?/).filter((key) => key !== '')
  const field = keys.pop()!
  let place: Schema | undefined = schema
  for (const key of keys) {
    const of: Schema | undefined = place?.properties ? place : (place?.items ?? place)
    place = of?.properties?.[key] ?? (of && valuesOf(of))
  }
  return { field, known: Object.keys((place?.items ?? place)?.properties ?? {}) }
}
