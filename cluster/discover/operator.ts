import { tagOf } from '#weir/facts/index.ts'
import { resources } from '../kubernetes/resources.ts'
import { type KubeApi, KubeApiError, type KubeObject } from '../kubernetes/types.ts'
import type { Dialect, OperatorFound, ReleaseLine } from '../types.ts'

interface Deployment extends KubeObject {
  spec?: { replicas?: number; template?: { spec?: { containers?: { image?: string }[] } } }
}

/** The label that both the manifests and the chart of the operator give its Deployment. */
const SELECTOR = 'control-plane=controller-manager'
const IMAGE = 'emqx-operator'
/** The namespace in the operator's documentation: tried if the user may not list all namespaces. */
const USUAL_NAMESPACE = 'emqx-operator-system'

async function deployments(kube: KubeApi): Promise<{ items: Deployment[]; where: string }> {
  try {
    const { items } = await kube.list<Deployment>(resources.deployments, { labelSelector: SELECTOR })
    return { items, where: 'in any namespace' }
  } catch (error) {
    if (!(error instanceof KubeApiError)) throw error
  }
  const seen = new Set([USUAL_NAMESPACE, kube.namespace])
  const lists = await Promise.all(
    [...seen].map((namespace) =>
      kube
        .list<Deployment>(resources.deployments, { namespace, labelSelector: SELECTOR })
        .then(({ items }) => items)
        .catch((error: unknown) => {
          // A server may refuse, or not serve Deployments: then the line is unknown.
          if (error instanceof KubeApiError) return undefined
          throw error
        }),
    ),
  )
  if (lists.every((list) => list === undefined))
    return { items: [], where: 'visible to this user, which may not list Deployments' }
  return { items: lists.flatMap((list) => list ?? []), where: `in ${[...seen].join(' or ')}` }
}

/** The release line of the EMQX Operator, by the image of its Deployment. */
export async function findOperator(kube: KubeApi): Promise<OperatorFound> {
  const { items, where } = await deployments(kube)
  const operators = items.flatMap((one) => {
    if (one.spec?.replicas === 0) return []
    const image = one.spec?.template?.spec?.containers?.find((c) => c.image?.includes(IMAGE))?.image
    const { namespace = 'default', name } = one.metadata
    const deployment = { namespace, name }
    return image === undefined
      ? []
      : [
          {
            name: `Deployment ${namespace}/${name}`,
            deployment,
            image,
            line: /\d+\.\d+\.\d+/.exec(tagOf(image) ?? '')?.[0],
          },
        ]
  })
  const lines = new Set(operators.map(({ line }) => line))
  const [first] = operators
  if (!first)
    return {
      how: `there is no Deployment of an EMQX Operator that has replicas (${SELECTOR}, image …${IMAGE}…) ${where}`,
    }
  if (lines.size > 1)
    return {
      how: `there are several EMQX Operators: ${operators.map((one) => `${one.name} (${one.image})`).join(', ')}`,
    }
  const { deployment } = first
  if (first.line === undefined)
    return { deployment, how: `the image ${first.image} of ${first.name} has no version` }
  return { line: first.line, deployment, how: `image ${first.image} of ${first.name}` }
}

/** True of a line after those that weir knows, which none of them stands for. */
export function isNewerLine({ releaseLines }: Dialect, line: string): boolean {
  const [major = 0, minor = 0] = line.split('.').map(Number)
  return releaseLines.every((one) => major > one.major || (major === one.major && minor > one.minor))
}

/** True when weir knows how this release line of the operator behaves for the dialect. */
export function isKnownLine(dialect: Dialect, line: string): boolean {
  const [major, minor, patch] = line.split('.').map(Number)
  return dialect.releaseLines.some(
    (one: ReleaseLine) =>
      one.major === major &&
      one.minor === minor &&
      (one.lastPatch === undefined || (patch ?? 0) <= one.lastPatch),
  )
}
