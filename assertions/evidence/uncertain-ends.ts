import type { RunView } from '#weir/record/view/index.ts'

/** Ends that the server made for certain: it said so, or closed the connection in order (docs/contract/emqx.md#what-clients-see). */
const BY_SERVER: readonly string[] = ['disconnect-packet', 'closed', '']

/** Connections that ended for a reason of which the path between client and node may be the cause as well. */
export function uncertainEnds({ record, connections, evictions }: RunView): ReadonlySet<number> {
  const { reasons } = record.clients
  return new Set(
    evictions.connection.filter((row) => !BY_SERVER.includes(reasons[connections.endReason[row]!] ?? '')),
  )
}

/** The view as it is when these ends were no evictions, and the attempts that followed them no answer to one. */
export function withoutUncertainEnds(run: RunView, uncertain: ReadonlySet<number>): RunView {
  const { evictions, connections } = run
  const kept = Array.from(evictions.connection.keys()).filter((i) => !uncertain.has(evictions.connection[i]!))
  const attempts = new Set(
    [...uncertain].flatMap((row) => {
      const isLast = row + 1 >= connections.firstOf[connections.client[row]! + 1]!
      return isLast ? [] : [connections.attemptT[row + 1]!]
    }),
  )
  return {
    ...run,
    attempts: run.attempts.filter((t) => !attempts.has(t)),
    evictions: {
      length: kept.length,
      t: Float64Array.from(kept, (i) => evictions.t[i]!),
      client: Uint32Array.from(kept, (i) => evictions.client[i]!),
      connection: Uint32Array.from(kept, (i) => evictions.connection[i]!),
      node: Int32Array.from(kept, (i) => evictions.node[i]!),
    },
  }
}
