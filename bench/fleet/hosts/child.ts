import { messageOf } from '#weir/errors/index.ts'
import { CounterRow, makeCounterMemory } from '../../counters/live-counters.ts'
import type { ShardProbes } from '../health.ts'
import { makePool } from '../pool.ts'
import runShard from '../worker.ts'
import type { FromProcess, ShardAssignment, ShardNews, ToProcess } from './shard-host.ts'
import { SNAPSHOT_EVERY_MS, takeSnapshot } from './snapshot.ts'
import { ThreadHost } from './thread-host.ts'

/** Runs the shards that the parent assigns to this process until the parent has them stop. */
export function runChild(): void {
  let hosts: ReadonlyMap<number, ThreadHost> = new Map()
  process.on('uncaughtException', die)
  process.on('message', (message: ToProcess) => {
    if (message.type === 'to-shard') hosts.get(message.shard)?.send(message.message)
    else hosts = runShards(message.assignments)
  })
}

/** A single shard runs in this thread. */
function runShards(assignments: readonly ShardAssignment[]): ReadonlyMap<number, ThreadHost> {
  const counters = makeCounterMemory(assignments.length)
  const rows = assignments.map((_, row) => new CounterRow(counters, row))
  const pool = assignments.length === 1 ? undefined : makePool(assignments.length)
  const run = pool
    ? (task: Parameters<typeof runShard>[0]) => pool.run(task, { transferList: [task.port] })
    : runShard
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
        // What the parent does not read stays here, and counts as untaken.
        if (news.type === 'batch') rows[row]!.rowsTaken(news.columns.length)
      })
    const host = new ThreadHost(run, assignment, counters, row, relay)
    host.ready.then((probes) => {
      probesOf.set(assignment.shard, probes)
      send({ type: 'ready', shard: assignment.shard })
    }, die)
    return host
  })
  setInterval(sendSnapshots, SNAPSHOT_EVERY_MS)
  end(assignments, hosts, sendSnapshots).then(async () => {
    await pool?.destroy()
    process.exit(0)
  }, die)
  return new Map(assignments.map(({ shard }, row) => [shard, hosts[row]!]))
}

/** Resolves when every shard has stopped and the parent has the last figures. */
async function end(
  assignments: readonly ShardAssignment[],
  hosts: readonly ThreadHost[],
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

function die(cause: unknown): void {
  const what = messageOf(cause)
  send({ type: 'died', what }, () => process.exit(1))
}

function send(message: FromProcess, sent: () => void = () => undefined): void {
  // Without a parent this process is about to end.
  if (process.connected) process.send!(message, undefined, undefined, sent)
}
