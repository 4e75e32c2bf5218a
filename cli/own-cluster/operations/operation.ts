import type { ClientFlags } from '#weir/bench/types.ts'
import type { Cluster, Discovery } from '#weir/cluster/index.ts'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import type { Policy } from '#weir/preflight/index.ts'
import type { Scenario } from '#weir/scenarios/index.ts'
import type { ClusterFlags } from '../../cluster-options.ts'
import type { Judged } from '../../judge-record.ts'

/** What every operation takes. */
export interface OperationRequest extends ClientFlags, ClusterFlags {
  kubeconfig: string
  clients: number
  seed: number
  yes?: boolean | undefined
  /** File of the policy. */
  policy?: string | undefined
  'dry-run'?: boolean | undefined
  /** The plan of a dry run is a document. */
  json?: boolean | undefined
  out?: string | undefined
  'leave-sessions'?: boolean | undefined
}

/** The cluster before the operation. */
export interface About {
  cluster: Cluster
  resource: KubeObject
  discovery: Discovery
}

/** One operation, with its inputs. */
export interface Operation {
  name: string
  /** At the end as many clients connect again, beside the first. */
  clientsTwice?: boolean
  /** It is for a cluster that has no nodes, too. */
  mayBeStopped?: boolean
  /** As the user gave them, for the audit. */
  inputs: Readonly<Record<string, unknown>>
  /** Throws WEIR_REFUSED where a rule is broken. */
  guard(about: About, policy: Policy): void | Promise<void>
  /** Reserves what several clusters share, once no other operation can begin on this one. Throws WEIR_REFUSED. */
  claim?(about: About, policy: Policy): Promise<void>
  /** The operation is over, and its run judged: gives back what need not be reserved any more. */
  after?(judged: Judged): Promise<void>
  scenario(cluster: Cluster, resource: KubeObject, policy: Policy): Scenario | Promise<Scenario>
}

/** What each guard asks of the resource before an operation. */
export function before({ dialect, namespace, name }: Cluster, resource: KubeObject) {
  const { settled, condition } = dialect.readStatus(resource)
  return { what: `${dialect.kind} ${namespace}/${name}`, settled, condition }
}
