import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Schema } from '../../apiserver/schema/types.ts'
import type { LineSwitches } from '../lines.ts'
import { emqxEnterpriseSchema } from './emqx-enterprise.ts'
import { anything, object, string, stringMap } from './shapes.ts'

const age = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

function definition(kind: string, version: Record<string, unknown>, schema: Schema): KubeObject {
  const singular = kind.toLowerCase()
  const plural = `${singular}s`
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.apps.emqx.io` },
    spec: {
      group: 'apps.emqx.io',
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular },
      versions: [
        { name: 'v1beta4', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version },
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

/** The resources that the operator's release line brings, as far as weir's testbeds use them. */
export function definitions(line: LineSwitches): KubeObject[] {
  return [
    definition(
      'EmqxEnterprise',
      {
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [
          { name: 'Status', type: 'string', jsonPath: '.status.conditions[?(@.status=="True")].type' },
          age,
        ],
      },
      emqxEnterpriseSchema(line),
    ),
    definition('EmqxPlugin', { subresources: { status: {} } }, pluginSchema),
  ]
}
