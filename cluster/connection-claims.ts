import { WeirError } from '#weir/errors/index.ts'
import type { Finding } from './discover/types.ts'
import { createKubeApi } from './kubernetes/client.ts'
import type { KubeApi } from './kubernetes/types.ts'
import { type ClusterKey, changeRegistry, type Registry, readRegistry, registryKey } from './registry.ts'

/**
 * A claim that nobody gives back counts for so long. By then EMQX itself shows what was claimed, or the change is not coming: kubelets take up to
 * two minutes for a Secret.
 */
const CLAIM_MS = 300_000

/** How many connections another cluster may have. */
export interface OtherLimit {
  /** Of the registry. */
  key: string
  /** e.g. "EMQX default/other" */
  what: string
  limit: Finding<number>
}

export interface ClaimRequest {
  /** e.g. "EMQX default/emqx" */
  what: string
  cluster: ClusterKey
  connections: number
  /** What the licence allows all clusters together. */
  total: number
  /** The clusters that there are beside this one, as EMQX tells now. */
  others(): Promise<readonly OtherLimit[]>
}

interface Claim {
  connections: number
  until: string
}

/**
 * Claims connections of the licence for a cluster, so that of two that race for the last of it one wins. Throws WEIR_REFUSED with the figures when
 * they are more than are left, or when it is unknown how many are.
 */
export function claimConnections(kube: KubeApi, namespace: string, request: ClaimRequest): Promise<void> {
  const own = registryKey(request.cluster)
  return changeRegistry(kube, licenceRegistry(namespace), async (entries) => {
    // Read after the registry: a claim that has ended since then makes the change conflict.
    const others = await request.others()
    const refusal = overTotal(request, others, claimsIn(entries, own))
    if (refusal !== undefined)
      throw new WeirError(
        'WEIR_REFUSED',
        `${request.what} keeps its connections (rule ${refusal.rule}): ${refusal.figures}`,
      )
    const until = new Date(Date.now() + CLAIM_MS).toISOString()
    const over = Object.entries(entries).flatMap(([key, text]) =>
      readClaim(text) ? [] : [[key, null] as const],
    )
    return {
      ...Object.fromEntries(over),
      [own]: JSON.stringify({ connections: request.connections, until } satisfies Claim),
    }
  })
}

/** Gives a claim back before its time. */
export const withdrawClaim = (kube: KubeApi, namespace: string, cluster: ClusterKey): Promise<void> =>
  changeRegistry(kube, licenceRegistry(namespace), () => ({ [registryKey(cluster)]: null }))

/** Gives the claim of an operation back: EMQX itself shows now what the cluster has. */
export async function releaseClaim(
  { kubeconfig, context }: { kubeconfig: string; context?: string | undefined },
  namespace: string,
  cluster: ClusterKey,
): Promise<void> {
  const kube = createKubeApi({ kubeconfig, ...(context === undefined ? {} : { context }) })
  try {
    await withdrawClaim(kube, namespace, cluster)
  } finally {
    kube.close()
  }
}

/** The claims as they are, by their keys in the registry. Rejects with KubeApiError where the user may not read them. */
export const readClaims = (kube: KubeApi, namespace: string): Promise<Record<string, string>> =>
  readRegistry(kube, licenceRegistry(namespace))

export const licenceRegistry = (namespace: string): Registry => ({ namespace, name: 'weir-licence' })

/** The rule that a request breaks, with its figures; undefined when it breaks none. Pure. */
export function overTotal(
  { connections, total }: Pick<ClaimRequest, 'connections' | 'total'>,
  others: readonly OtherLimit[],
  claims: ReadonlyMap<string, number> = new Map(),
): { rule: string; figures: string } | undefined {
  const unclear = others.find(({ key, limit }) => limit.found === undefined && !claims.has(key))
  if (unclear) {
    const why = 'why' in unclear.limit ? unclear.limit.why : ''
    return { rule: 'licence-known', figures: `the limit of ${unclear.what} is unknown: ${why}` }
  }
  const known = new Map(others.map(({ key, limit }) => [key, limit.found ?? 0]))
  for (const [key, claimed] of claims) known.set(key, Math.max(known.get(key) ?? 0, claimed))
  const taken = [...known.values()].reduce((sum, one) => sum + one, 0)
  if (taken + connections <= total) return undefined
  const left = Math.max(0, total - taken)
  const whose =
    known.size === 0
      ? ''
      : `: ${known.size === 1 ? '1 other cluster has' : `${known.size} other clusters have`} ${taken}`
  return {
    rule: 'licence-total',
    figures: `${connections} connections are more than the ${left} that are left of ${total}${whose}`,
  }
}

/** Claims of other clusters that still count. */
function claimsIn(entries: Readonly<Record<string, string>>, own: string): Map<string, number> {
  return new Map(
    Object.entries(entries).flatMap(([key, text]) => {
      const claim = key === own ? undefined : readClaim(text)
      return claim ? [[key, claim.connections] as const] : []
    }),
  )
}

/** Undefined for one that has run out, and for what is none. */
function readClaim(text: string): Claim | undefined {
  try {
    const claim = JSON.parse(text) as Partial<Claim>
    const isClaim = typeof claim.connections === 'number' && Date.parse(claim.until ?? '') > Date.now()
    return isClaim ? (claim as Claim) : undefined
  } catch {
    return undefined
  }
}
