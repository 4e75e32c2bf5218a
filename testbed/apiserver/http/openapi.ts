import type { Catalogue } from '../catalogue.ts'
import type { ResourceType } from '../resource-type.ts'

/**
 * The OpenAPI v2 document in the protobuf form that kubectl reads (github.com/google/gnostic, openapiv2). It holds no
 * schemas, so kubectl validates nothing itself; each kind has one PATCH operation, from which kubectl 1.20 learns that
 * a dry run on the server is possible.
 */
export function openApiDocument(catalogue: Catalogue): Buffer {
  const paths = catalogue.all().map((type) => field(2, named(pathOf(type), field(8, operation(type)))))
  return Buffer.concat([
    field(1, text('2.0')),
    field(2, Buffer.concat([field(1, text('Kubernetes')), field(2, text('v1.34.4'))])),
    field(8, Buffer.concat(paths)),
  ])
}

const text = (value: string) => Buffer.from(value)

/** A length-delimited protobuf field. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
    rest >>>= 7
  } while (rest > 0)
  return Buffer.from(bytes)
}

/** gnostic's NamedX messages: name = 1, value = 2. */
const named = (name: string, value: Buffer) => Buffer.concat([field(1, text(name)), field(2, value)])

function pathOf({ group, version, namespaced, plural }: ResourceType): string {
  const base = group ? `/apis/${group}/${version}` : `/api/${version}`
  return `${base}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`
}

/** PathItem.patch = 8; Operation: parameters = 8, vendor_extension = 13. */
function operation({ group, version, kind }: ResourceType): Buffer {
  const gvk = `group: ${JSON.stringify(group)}\nkind: ${kind}\nversion: ${version}\n`
  // Any: yaml = 2.
  const extension = named('x-kubernetes-group-version-kind', field(2, text(gvk)))
  return Buffer.concat([field(8, dryRunParameter()), field(13, extension)])
}

/** ParametersItem.parameter = 1 › Parameter.non_body_parameter = 2 › query_parameter_sub_schema = 3 › in = 2, name = 4. */
function dryRunParameter(): Buffer {
  const query = Buffer.concat([field(2, text('query')), field(4, text('dryRun'))])
  return field(1, field(2, field(3, query)))
}
