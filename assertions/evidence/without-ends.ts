import { CLIENT_KIND } from '#weir/facts/index.ts'
import type { Evictions, OfflineSpells, RunView } from '#weir/record/view/index.ts'

/**
 * The view as it is when these connections had not ended: without their ends, the time offline that followed, and the attempts to come
 * back. `rows` are rows of `run.connections`, which stay as they are.
 */
export function withoutEnds(run: RunView, rows: ReadonlySet<number>): RunView {
  const { connections, spells } = run
  const dropped = new Map<number, Set<number>>()
  for (const row of rows) {
    const client = connections.client[row]!
    dropped.set(client, (dropped.get(client) ?? new Set()).add(connections.to[row]!))
  }
  const isOfDrop = (i: number) => dropped.get(spells.client[i]!)?.has(spells.from[i]!) ?? false
  const all = Array.from({ length: spells.length }, (_, i) => i)
  const attempts = attemptsWithin(
    run,
    all.filter(isOfDrop).map((i) => [spells.client[i]!, spells.from[i]!, spells.to[i]!]),
  )
  return {
    ...run,
    attempts: run.attempts.filter((t) => !attempts.has(t)),
    evictions: withoutRows(run.evictions, rows),
    lossesBeforeTrigger: withoutRows(run.lossesBeforeTrigger, rows),
    spells: pickSpells(
      spells,
      all.filter((i) => !isOfDrop(i)),
    ),
  }
}

/** Times of the attempts that clients made within these spans. */
function attemptsWithin(
  { record: { clients } }: RunView,
  spans: [client: number, fromT: number, toT: number][],
): ReadonlySet<number> {
  const spansOf = Map.groupBy(spans, ([client]) => client)
  const times = new Set<number>()
  for (let row = 0; row < clients.length; row++) {
    if (clients.kind[row] !== CLIENT_KIND.attempt) continue
    const t = clients.t[row]!
    if (spansOf.get(clients.client[row]!)?.some(([, fromT, toT]) => t >= fromT && t <= toT)) times.add(t)
  }
  return times
}

function withoutRows(ends: Evictions, rows: ReadonlySet<number>): Evictions {
  const kept = Array.from({ length: ends.length }, (_, i) => i).filter((i) => !rows.has(ends.connection[i]!))
  return {
    length: kept.length,
    t: Float64Array.from(kept, (i) => ends.t[i]!),
    client: Uint32Array.from(kept, (i) => ends.client[i]!),
    connection: Uint32Array.from(kept, (i) => ends.connection[i]!),
    node: Int32Array.from(kept, (i) => ends.node[i]!),
  }
}

const pickSpells = (spells: OfflineSpells, kept: readonly number[]): OfflineSpells => ({
  length: kept.length,
  client: Uint32Array.from(kept, (i) => spells.client[i]!),
  from: Float64Array.from(kept, (i) => spells.from[i]!),
  to: Float64Array.from(kept, (i) => spells.to[i]!),
  refusals: Uint16Array.from(kept, (i) => spells.refusals[i]!),
  failures: Uint16Array.from(kept, (i) => spells.failures[i]!),
  fromNode: Int32Array.from(kept, (i) => spells.fromNode[i]!),
  toNode: Int32Array.from(kept, (i) => spells.toNode[i]!),
  away: Uint8Array.from(kept, (i) => spells.away[i]!),
})
