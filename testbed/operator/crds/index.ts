import { isConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
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
 * EMQX 5. Its scale subresource reads a field that the status does not have, so a scale shows no replicas.
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

const POLL_MS = 20

interface DefinitionStatus extends KubeObject {
  status?: { conditions?: { type: string; status: string }[] }
}

const isEstablished = ({ status }: DefinitionStatus) =>
  status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True') === true

/** Creates the definitions that are missing and waits until the API server serves them. */
export async function installDefinitions(
  kube: KubeApi,
  line: LineSwitches,
  timeoutMs = 30_000,
): Promise<void> {
  const objects = definitions(line)
  for (const wanted of objects)
    await kube.create(resources.customResourceDefinitions, wanted).catch((error: unknown) => {
      if (!isConflict(error)) throw error
    })
  const endMs = Date.now() + timeoutMs
  for (const { metadata } of objects) {
    while (!isEstablished(await kube.get(resources.customResourceDefinitions, undefined, metadata.name))) {
      if (Date.now() > endMs)
        throw new WeirError(
          'WEIR_TESTBED',
          `the API server does not establish ${metadata.name}: look at its log`,
        )
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  }
}
