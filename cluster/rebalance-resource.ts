import type { RebalanceRequest } from './emqx/version-api.ts'
import { resources } from './kubernetes/resources.ts'
import type { KubeApi, KubeObject, Resource } from './kubernetes/types.ts'
import type { Cluster } from './types.ts'

/** The operator's resource for a rebalance, as far as weir reads it. */
export interface RebalanceResource extends KubeObject {
  spec?: { instanceKind?: string; instanceName?: string }
  status?: {
    phase?: string
    conditions?: { type: string; message?: string }[]
    /** What the operator's last look found under way. */
    rebalanceStates?: object[]
  }
}

/** A Rebalance, and why it is used; or why EMQX's API is. */
export type RebalanceWay = { kind: Resource; why: string } | { kind?: undefined; why: string }

/**
 * Whether the API server has the kind Rebalance. Only that of v2beta1, which operators of the line 2.2 have: it is for both resources, and the
 * deprecated one of 2.1.3 and 2.1.4 is not used. Throws what the API server answers but "not found".
 */
export async function rebalanceWay({ kube }: Pick<Cluster, 'kube'>): Promise<RebalanceWay> {
  const kind = resources.rebalances
  const what = `the kind Rebalance (${kind.group}/${kind.version})`
  return (await isServed(kube, kind))
    ? { kind, why: `the API server has ${what}` }
    : { why: `the API server does not have ${what}` }
}

async function isServed(kube: KubeApi, { group, version, plural }: Resource): Promise<boolean> {
  const { status, body } = await kube.raw('GET', `/apis/${group}/${version}`)
  if (status === 404) return false
  if (status !== 200) throw new Error(`the API server answered ${status} to GET /apis/${group}/${version}`)
  const { resources: served = [] } = body as { resources?: { name?: string }[] }
  return served.some(({ name }) => name === plural)
}

/** The one that weir makes for a cluster. */
export const rebalanceName = (resource: string): string => `weir-rebalance-${resource}`

/** The object to the letter: waits and thresholds in whole numbers, factors as text, as the operator has them. */
export function rebalanceObject(
  { dialect, namespace, name }: Pick<Cluster, 'dialect' | 'namespace' | 'name'>,
  request: Omit<RebalanceRequest, 'nodes'>,
): KubeObject {
  const kind = resources.rebalances
  return {
    apiVersion: `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: { name: rebalanceName(name), namespace },
    spec: {
      instanceKind: dialect.kind,
      instanceName: name,
      rebalanceStrategy: {
        connEvictRate: request.connEvictRate,
        sessEvictRate: request.sessEvictRate,
        waitHealthCheck: request.waitHealthCheckSeconds,
        waitTakeover: request.waitTakeoverSeconds,
        absConnThreshold: request.absConnThreshold,
        absSessThreshold: request.absSessThreshold,
        relConnThreshold: String(request.relConnThreshold),
        relSessThreshold: String(request.relSessThreshold),
      },
    },
  }
}

/** Its phase, and the operator's words for it. */
export function readRebalancePhase({ status }: RebalanceResource): { phase: string; message?: string } {
  const phase = status?.phase ?? ''
  const message = status?.conditions?.find(({ type }) => type === phase)?.message
  return { phase, ...(message && { message }) }
}

/** For ever, as the operator has it. That does not say that EMQX has nothing under way. */
export const hasEnded = ({ status }: RebalanceResource): boolean =>
  status?.phase === 'Completed' || status?.phase === 'Failed'

/** The operator holds it and has not looked at it yet: one that is deleted now ends a released operator (docs/contract/operator.md#rebalance). */
export const awaitsFirstLook = (rebalance: RebalanceResource): boolean =>
  (rebalance.metadata.finalizers ?? []).length > 0 &&
  !hasEnded(rebalance) &&
  (rebalance.status?.rebalanceStates ?? []).length === 0

/** Rebalances of this cluster that have not ended, by name. */
export async function rebalancesUnderWay(
  { kube, namespace, name, dialect }: Pick<Cluster, 'kube' | 'namespace' | 'name' | 'dialect'>,
  kind: Resource,
): Promise<string[]> {
  const { items } = await kube.list<RebalanceResource>(kind, { namespace })
  return items
    .filter((one) => {
      const { instanceName, instanceKind = dialect.kind } = one.spec ?? {}
      return instanceName === name && instanceKind === dialect.kind && !hasEnded(one)
    })
    .map(({ metadata }) => metadata.name)
}
