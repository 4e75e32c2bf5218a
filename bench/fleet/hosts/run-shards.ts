import { CounterRow, makeCounterMemory } from '../../counters/live-counters.ts'
import type { ShardProbes } from '../health.ts'
import { makePool } from '../pool.ts'
import type { ToShard } from '../shard-messages.ts'
import runShard from '../worker.ts'
import type { FromProcess, ShardAssignment, ShardNews } from './shard-host.ts'
import { SNAPSHOT_EVERY_MS, takeSnapshot } from './snapshot.ts'
import { ThreadHost } from './thread-host.ts'

/** Sends a message to the owner of the fleet; `sent` is called when it has left this process. */
export type SendToOwner = (message: FromProcess, sent?: () => void) => void

export interface ShardsHere {
  send(shard: number, message: ToShard): void
  /** Resolves when every shard has stopped and the owner has the last figures; rejects when one died. */
  ended: Promise<void>
}

/** Runs shards of a fleet whose owner is another process. A single shard runs in this thread. */
export function runShards(assignments: readonly ShardAssignment[], send: SendToOwner): ShardsHere {
  const counters = makeCounterMemory(assignments.length)
  const rows = assignments.map((_, row) => new CounterRow(counters, row))
  const pool = assignments.length === 1 ? undefined : makePool(assignments.length)
  const run = pool
    ? (task: Parameters<typeof runShard>[0]) => pool.run(task, { transferList: [task.port] })
    : runShard
  const died = Promise.withResolvers<never>()
  const probesOf = new Map<number, ShardProbes>()
  let sentMs = performance.now()
  const sendSnapshots = () => {
    const elapsedMs = performance.now() - sentMs
    sentMs += elapsedMs
    send({
      type: 'snapshots',
      snapshots: assignments.flatMap(({ shard }, row) => {
        const probes = probesOf.get(shard)
        return probes ? [takeSnapshot(shard, rows[row]!, probes, elapsedMs)] : []
      }),
    })
  }
  const hosts = assignments.map((assignment, row) => {
    const relay = (shard: number, news: ShardNews) =>
      send({ type: 'news', shard, news }, () => {
        // What the owner does not read stays here, and counts as untaken.
        if (news.type === 'batch') rows[row]!.rowsTaken(news.columns.length)
      })
    const host = new ThreadHost(run, assignment, counters, row, relay)
    host.ready.then((probes) => {
      probesOf.set(assignment.shard, probes)
      send({ type: 'ready', shard: assignment.shard })
    }, died.reject)
    return host
  })
  const ticking = setInterval(sendSnapshots, SNAPSHOT_EVERY_MS)
  const byShard = new Map(assignments.map(({ shard }, row) => [shard, hosts[row]!]))
  return {
    send: (shard, message) => byShard.get(shard)?.send(message),
    ended: Promise.race([
      died.promise,
      stopped(assignments, hosts, send, sendSnapshots).then(async () => {
        clearInterval(ticking)
        for (const host of hosts) host.close()
        await pool?.destroy()
      }),
    ]),
  }
}

async function stopped(
  assignments: readonly ShardAssignment[],
  hosts: readonly ThreadHost[],
  send: SendToOwner,
  sendSnapshots: () => void,
): Promise<void> {
  const sessions = await Promise.all(hosts.map((host) => host.done.then(() => host.stopped)))
  sendSnapshots()
  await Promise.all(
    assignments.map(
      ({ shard }, row) =>
        new Promise<void>((resolve) =>
          send({ type: 'stopped', shard, sessions: sessions[row]! }, () => resolve()),
        ),
    ),
  )
}
