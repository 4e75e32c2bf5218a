import { readFileSync } from 'node:fs'
import { unlessConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { DialectName } from '#weir/facts/index.ts'
import type { Schema } from '../apiserver/schema/types.ts'
import { waitUntilEstablished } from './established.ts'
import type { LineSwitches } from './lines.ts'

/** A definition of crds.yaml, which the build turns into JSON: the names of a kind and its one version. */
interface Kind extends Record<'spec' | 'status', Schema> {
  names: { kind: string; plural: string }
  name: DialectName
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
    .filter(({ name }) => line.serves.includes(name))
    .map(definition)
}

/** Creates the definitions that are missing and waits until the API server serves them. */
export async function installDefinitions(
  kube: KubeApi,
  line: LineSwitches,
  timeoutMs?: number,
): Promise<void> {
  const objects = definitions(line)
  for (const wanted of objects) await unlessConflict(kube.create(resources.customResourceDefinitions, wanted))
  await waitUntilEstablished(
    kube,
    objects.map(({ metadata }) => metadata.name),
    timeoutMs,
  )
}
