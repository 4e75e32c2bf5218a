import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeApi, KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'

const ANSWER_MS = 60_000
const POLL_MS = 250

interface Rule {
  operations?: string[]
  apiGroups?: string[]
  apiVersions?: string[]
  resources?: string[]
}

/**
 * Waits until the API server reaches an operator's webhooks: their pod is ready before kube-proxy on each node leads to it, and an object
 * that is created in between is refused. Throws WEIR_OPERATOR.
 */
export async function webhooksAnswer(
  kube: KubeApi,
  objects: readonly KubeObject[],
  signal?: AbortSignal,
): Promise<void> {
  for (const path of new Set(objects.flatMap(rulesOf).map(pathOf))) {
    for (const endMs = Date.now() + ANSWER_MS; ; await sleep(POLL_MS)) {
      signal?.throwIfAborted()
      // Nothing is stored, and what the webhook says of it does not matter.
      const metadata = { name: 'weir-probe', namespace: 'default' }
      const { body } = await kube.raw('POST', `${path}?dryRun=All`, {
        ...(await typeOf(kube, path)),
        metadata,
        spec: {},
      })
      const { message = '' } = (body ?? {}) as { message?: string }
      if (!message.includes('failed calling webhook')) break
      if (Date.now() > endMs)
        throw new WeirError('WEIR_OPERATOR', `the operator's webhooks do not answer: ${message}`)
    }
  }
}

const rulesOf = ({ webhooks = [] }: KubeObject & { webhooks?: unknown }): Rule[] =>
  (webhooks as { rules?: Rule[] }[])
    .flatMap(({ rules = [] }) => rules)
    .filter(({ operations = [] }) => operations.includes('CREATE') || operations.includes('*'))

const pathOf = ({ apiGroups, apiVersions, resources }: Rule): string =>
  `/apis/${apiGroups?.[0]}/${apiVersions?.[0]}/namespaces/default/${resources?.[0]}`

async function typeOf(kube: KubeApi, path: string): Promise<{ apiVersion: string; kind: string }> {
  const [, , group, version, , , plural] = path.split('/')
  const apiVersion = `${group}/${version}`
  const { body } = await kube.raw('GET', `/apis/${apiVersion}`)
  const { resources = [] } = body as { resources?: { name: string; kind: string }[] }
  return { apiVersion, kind: resources.find(({ name }) => name === plural)?.kind ?? '' }
}
