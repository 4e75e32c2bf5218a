import { messageOf } from '#weir/errors/index.ts'
import { runShards, type ShardsHere } from './run-shards.ts'
import type { FromProcess, ToProcess } from './shard-host.ts'

/** Runs the shards that the parent assigns to this process until the parent has them stop. */
export function runChild(): void {
  let shards: ShardsHere | undefined
  process.on('uncaughtException', die)
  process.on('message', (message: ToProcess) => {
    if (message.type === 'to-shard') shards?.send(message.shard, message.message)
    else {
      shards = runShards(message.assignments, send)
      shards.ended.then(() => process.exit(0), die)
    }
  })
}

function die(cause: unknown): void {
  const what = messageOf(cause)
  send({ type: 'died', what }, () => process.exit(1))
}

function send(message: FromProcess, sent: () => void = () => undefined): void {
  // Without a parent this process is about to end.
  if (process.connected) process.send!(message, undefined, undefined, sent)
}
