import { WeirError } from '#weir/errors/index.ts'
import { asRefusedWrite } from './failure.ts'
import { isAlreadyExists, isConflict, unlessGone } from './kubernetes/api-errors.ts'
import { createKubeApi } from './kubernetes/client.ts'
import type { Impersonation } from './kubernetes/connection.ts'
import { resources } from './kubernetes/resources.ts'
import type { KubeApi, KubeObject } from './kubernetes/types.ts'

/** A holder that has not renewed for so long is gone: its weir was killed. */
const DURATION_SECONDS = 60
const RENEW_MS = 20_000

interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    acquireTime?: string
    renewTime?: string
  }
}

export interface OperationLease {
  /** Lets the next operation begin. Never rejects. */
  release(): Promise<void>
}

export interface LeaseOptions {
  kubeconfig: string
  context?: string | undefined
  impersonate?: Impersonation | undefined
  /** Of the custom resource. */
  namespace: string
  name: string
  /** The resource in words, e.g. "EMQX default/emqx". */
  what: string
  /** Names this operation to others, e.g. "scale-1f3k2a". */
  id: string
}

/**
 * Holds the Lease `weir-ops-<resource>`, so that one operation at a time runs on a cluster, whoever begins it. Throws WEIR_REFUSED with the id
 * of the operation that holds it, and where the user may not.
 */
export async function holdLease({
  kubeconfig,
  context,
  impersonate,
  ...options
}: LeaseOptions): Promise<OperationLease> {
  const { namespace } = options
  const kube = createKubeApi({
    kubeconfig,
    namespace,
    impersonate,
    ...(context === undefined ? {} : { context }),
  })
  try {
    return await acquired(kube, options)
  } catch (error) {
    kube.close()
    throw asRefusedWrite(error, kube.server, 'hold the Lease of an operation')
  }
}

type Wanted = Omit<LeaseOptions, 'kubeconfig' | 'context' | 'impersonate'>

const leaseOf = ({ name }: Wanted) => `weir-ops-${name}`

/**
 * Throws WEIR_REFUSED while another operation holds the Lease: who asks for a second one is to be told of the first, not of what that changes.
 * Whoever may not read it learns nothing here.
 */
export async function refuseWhileHeld(kube: KubeApi, wanted: Wanted): Promise<void> {
  const held = await kube
    .get<Lease>(resources.leases, wanted.namespace, leaseOf(wanted))
    .catch(() => undefined)
  if (held?.spec?.holderIdentity !== undefined && isAlive(held)) throw busy(wanted, held)
}

async function acquired(kube: KubeApi, wanted: Wanted): Promise<OperationLease> {
  const { namespace, id } = wanted
  const name = leaseOf(wanted)
  const spec = { holderIdentity: id, leaseDurationSeconds: DURATION_SECONDS }
  const now = () => microTime(new Date())
  const patch = (body: object) => kube.patch<Lease>(resources.leases, namespace, name, 'merge', body)
  const taken = { spec: { ...spec, acquireTime: now(), renewTime: now() } }
  try {
    await kube.create<Lease>(resources.leases, {
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace } },
      ...taken,
    })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
    const held = await unlessGone(kube.get<Lease>(resources.leases, namespace, name))
    // It was released in this moment.
    if (!held) return acquired(kube, wanted)
    if (isAlive(held)) throw busy(wanted, held)
    // Only one of two that find it abandoned gets it.
    const { resourceVersion } = held.metadata
    await patch({ metadata: { resourceVersion }, ...taken }).catch((conflict: unknown) => {
      throw isConflict(conflict) ? busy(wanted, held) : conflict
    })
  }
  const renewing = setInterval(() => {
    // A renewal that fails is tried again; when all do, another operation may begin after a while.
    patch({ spec: { renewTime: now() } }).catch(() => {})
  }, RENEW_MS)
  return {
    async release() {
      clearInterval(renewing)
      // One that cannot be deleted runs out by itself, and must not cost the verdict.
      await kube.delete(resources.leases, namespace, name).catch(() => {})
      kube.close()
    },
  }
}

function isAlive({ spec: { renewTime = '', leaseDurationSeconds = DURATION_SECONDS } = {} }: Lease): boolean {
  const renewedMs = Date.parse(renewTime)
  return Number.isNaN(renewedMs) || Date.now() - renewedMs < leaseDurationSeconds * 1000
}

function busy({ what, id }: Wanted, { spec }: Lease): WeirError {
  const since = spec?.acquireTime === undefined ? '' : ` since ${spec.acquireTime}`
  return new WeirError(
    'WEIR_REFUSED',
    `${what} is left as it is (rule one-at-a-time): ${spec?.holderIdentity ?? 'another operation'} is under way${since}, so ${id} may not begin`,
  )
}

/** Kubernetes' MicroTime has six digits of a second. */
const microTime = (date: Date) => date.toISOString().replace('Z', '000Z')
