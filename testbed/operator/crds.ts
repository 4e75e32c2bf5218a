import { readFileSync } from 'node:fs'
import { unlessConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { Schema } from '../apiserver/schema/types.ts'
import type { LineSwitches } from './lines.ts'

/** A definition of crds.yaml, which the build turns into JSON: the names of a kind and its one version. */
interface Kind extends Record<'spec' | 'status', Schema> {
  names: { kind: string; plural: string }
  name: string
}

/** What belongs to an object of crds.yaml from release line 2.2 on. */
const SINCE_2_2 = 'since-2.2'

/** The value without what the release line does not have. */
function ofLine(value: unknown, isLater: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => ofLine(item, isLater))
  if (typeof value !== 'object' || value === null) return value
  const { [SINCE_2_2]: later, ...always } = value as Record<string, unknown>
  const fields = isLater ? { ...always, ...(later as object) } : always
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, ofLine(field, isLater)]))
}

function definition({ names, spec, status, ...version }: Kind): KubeObject {
  const string: Schema = { type: 'string' }
  const properties = { apiVersion: string, kind: string, metadata: { type: 'object' }, spec, status }
  const schema = { openAPIV3Schema: { type: 'object', properties } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${names.plural}.apps.emqx.io` },
    spec: {
      group: 'apps.emqx.io',
      scope: 'Namespaced',
      names,
      versions: [{ ...version, served: true, storage: true, schema }],
    },
  }
}

/** The resources that the operator's release line brings, as far as weir's testbeds use them. */
export function definitions(line: LineSwitches): KubeObject[] {
  const all = JSON.parse(readFileSync(new URL('./crds.json', import.meta.url), 'utf8')).definitions
  return (ofLine(all, line.definition === '2.2') as Kind[])
    .filter(({ name }) => line.emqx5 || name !== 'v2beta1')
    .map(definition)
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
  for (const wanted of objects) await unlessConflict(kube.create(resources.customResourceDefinitions, wanted))
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
