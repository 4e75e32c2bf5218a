import type { ShardTask, ToShard } from '#weir/bench/fleet/shard-messages.ts'
import runShard from '#weir/bench/fleet/worker.ts'

/** A worker that runs its shard like any other, and dies in the way that a client id of the shard names. */
export default async function die(task: ShardTask): Promise<void> {
  const { ids } = task.spec.clients
  if (ids.includes('dies-at-once')) throw new Error('died on purpose, at once')
  task.port.on('message', ({ type }: ToShard) => {
    if (type !== 'start') return
    if (ids.includes('exits-later')) process.exit(7)
    if (ids.includes('dies-later'))
      setTimeout(() => {
        throw new Error('died on purpose, later')
      }, 100)
  })
  await runShard(task)
}
