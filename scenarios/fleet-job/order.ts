import type { ShardSpec } from '#weir/bench/engine/shard-spec.ts'
import type { ShardAssignment } from '#weir/bench/fleet/hosts/shard-host.ts'
import type { ToShard } from '#weir/bench/fleet/shard-messages.ts'
import { credentialsOf } from '#weir/bench/fleet/shards.ts'
import { fromJson, toJson } from './json.ts'
import type { PodAccess } from './pod-access.ts'

/** Messages to the shards of a pod, in order; a pod that has had this number already leaves them alone. */
export interface Orders {
  number: number
  messages: readonly { shard: number; message: ToShard }[]
}

/** What a shard's spec has in columns. */
type Clients = ShardSpec['clients']

/** What a pod is to run. How clients connect and who they are is left out: it is in the pod's Secrets. `clockZeroNs`: of the pod's own clock. */
export function beginText(assignments: readonly ShardAssignment[], clockZeroNs: bigint): string {
  return toJson(
    assignments.map(({ shard, spec }) => {
      const { username: _, password: __, transport: ___, credentials: ____, ...plain } = spec
      const { clients, traffic, ...rest } = plain
      return {
        shard,
        clockZeroNs,
        spec: {
          ...rest,
          clients: {
            index: [...clients.index],
            ids: clients.ids,
            group: [...clients.group],
            arrivalMs: [...clients.arrivalMs],
          },
          ...(traffic && { traffic: { ...traffic, rank: [...traffic.rank] } }),
        },
      }
    }),
  )
}

interface PlainAssignment {
  shard: number
  clockZeroNs: bigint
  spec: Omit<ShardSpec, 'clients' | 'traffic' | keyof PodAccess> & {
    clients: Record<keyof Omit<Clients, 'ids'>, number[]> & Pick<Clients, 'ids'>
    traffic?: Omit<NonNullable<ShardSpec['traffic']>, 'rank'> & { rank: number[] }
  }
}

/** The same in the pod, with what its Secrets have. */
export function readBegin(text: string, { credentials, ...same }: PodAccess): ShardAssignment[] {
  return (fromJson(text) as PlainAssignment[]).map(({ shard, clockZeroNs, spec }) => {
    const { clients, traffic, ...rest } = spec
    return {
      shard,
      clockZeroNs,
      spec: {
        ...rest,
        ...same,
        ...(credentials && { credentials: credentialsOf(credentials, Uint32Array.from(clients.index)) }),
        clients: {
          index: Uint32Array.from(clients.index),
          ids: clients.ids,
          group: Uint16Array.from(clients.group),
          arrivalMs: Float64Array.from(clients.arrivalMs),
        },
        ...(traffic && { traffic: { ...traffic, rank: Uint32Array.from(traffic.rank) } }),
      },
    }
  })
}
