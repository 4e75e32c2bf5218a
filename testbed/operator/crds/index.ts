import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Schema } from '../../apiserver/schema/types.ts'
import type { LineSwitches } from '../lines.ts'
import { emqxSchema } from './emqx.ts'
import { emqxEnterpriseSchema } from './emqx-enterprise.ts'
import { anything, object, string, stringMap } from './shapes.ts'

const age = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

const status = {
  name: 'Status',
  type: 'string',
  jsonPath: '.status.conditions[?(@.status=="True")].type',
}

interface Kind {
  kind: string
  plural: string
  shortNames?: string[]
  version: string
}

function definition(
  { kind, plural, shortNames, version }: Kind,
  served: Record<string, unknown>,
  schema: Schema,
): KubeObject {
  const names = { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.apps.emqx.io` },
    spec: {
      group: 'apps.emqx.io',
      scope: 'Namespaced',
      names: { ...names, ...(shortNames && { shortNames }) },
      versions: [
        { name: version, served: true, storage: true, schema: { openAPIV3Schema: schema }, ...served },
      ],
    },
  }
}

const pluginSchema: Schema = {
  type: 'object',
  properties: {
    apiVersion: string,
    kind: string,
    metadata: { type: 'object' },
    spec: object({ config: stringMap, pluginName: string, selector: stringMap }),
    status: anything,
  },
}

const enterprise: Kind = { kind: 'EmqxEnterprise', plural: 'emqxenterprises', version: 'v1beta4' }
const plugin: Kind = { kind: 'EmqxPlugin', plural: 'emqxplugins', version: 'v1beta4' }
const emqx: Kind = { kind: 'EMQX', plural: 'emqxes', shortNames: ['emqx'], version: 'v2beta1' }

/**
 * EMQX 5. Its scale subresource reads a field that the status does not have, so whoever scales it is told of no replicas
 * (docs/contract/operator.md#release-lines).
 */
const emqxDefinition = () =>
  definition(
    emqx,
    {
      subresources: {
        status: {},
        scale: {
          specReplicasPath: '.spec.replicantTemplate.spec.replicas',
          statusReplicasPath: '.status.replicantNodeReplicas',
        },
      },
      additionalPrinterColumns: [status, age],
    },
    emqxSchema,
  )

/** The resources that the operator's release line brings, as far as weir's testbeds use them. */
export function definitions(line: LineSwitches): KubeObject[] {
  return [
    definition(
      enterprise,
      {
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [status, age],
      },
      emqxEnterpriseSchema(line),
    ),
    definition(plugin, { subresources: { status: {} } }, pluginSchema),
    ...(line.emqx5 ? [emqxDefinition()] : []),
  ]
}
