import { isConflict } from '#weir/cluster/kubernetes/api-errors.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
import type { LineSwitches } from '../lines.ts'
import { definitions } from './index.ts'

const LOOK_MS = 20

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
  const wishes = definitions(line)
  for (const wish of wishes)
    await kube.create(resources.customResourceDefinitions, wish).catch((error: unknown) => {
      if (!isConflict(error)) throw error
    })
  const endMs = Date.now() + timeoutMs
  for (const { metadata } of wishes) {
    while (!isEstablished(await kube.get(resources.customResourceDefinitions, undefined, metadata.name))) {
      if (Date.now() > endMs)
        throw new WeirError(
          'WEIR_TESTBED',
          `the API server does not establish ${metadata.name}: look at its log`,
        )
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }
}
