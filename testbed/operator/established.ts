import { type Condition, conditionOf } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'

const POLL_MS = 20

interface Definition extends KubeObject {
  status?: { conditions?: Condition[] }
}

/** Waits until the API server serves the resources of these CustomResourceDefinitions. Throws WEIR_TESTBED. */
export async function waitUntilEstablished(
  kube: KubeApi,
  names: readonly string[],
  timeoutMs = 30_000,
): Promise<void> {
  const endMs = Date.now() + timeoutMs
  for (const name of names)
    for (;;) {
      const definition = await kube.get<Definition>(resources.customResourceDefinitions, undefined, name)
      if (conditionOf(definition, 'Established')?.status === 'True') break
      if (Date.now() > endMs)
        throw new WeirError('WEIR_TESTBED', `the API server does not establish ${name}: look at its log`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
}
