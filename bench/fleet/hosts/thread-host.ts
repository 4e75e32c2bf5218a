import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Piscina } from 'piscina'
import type { EndedSessions } from '../../types.ts'
import type { ShardProbes } from '../health.ts'
import type { FromShard, ShardTask, ToShard } from '../shard-messages.ts'
import type { ShardAssignment, ShardHost, ShardHosts, TakeNews } from './shard-host.ts'

/** Runs the task of a shard, which has this thread's other end of a channel. */
export type RunShard = (task: ShardTask) => Promise<void>

/** The end of a shard that runs in a thread of this process: it speaks over a MessagePort and counts in shared memory. */
export class ThreadHost implements ShardHost {
  readonly done: Promise<void>
  readonly ready: Promise<ShardProbes>
  readonly stopped: Promise<EndedSessions>
  readonly #port: MessagePort

  /** `row` is the shard's place in `counters`, which in a child process is not its number in the fleet. */
  constructor(
    run: RunShard,
    assignment: ShardAssignment,
    counters: SharedArrayBuffer,
    row: number,
    take: TakeNews,
  ) {
    const { port1, port2 } = new MessageChannel()
    const ready = Promise.withResolvers<ShardProbes>()
    const stopped = Promise.withResolvers<EndedSessions>()
    port1.on('message', (message: FromShard) => {
      if (message.type === 'ready') ready.resolve(message)
      else if (message.type === 'stopped') stopped.resolve(message.sessions)
      else take(assignment.shard, message)
    })
    this.#port = port1
    this.ready = ready.promise
    this.stopped = stopped.promise
    this.done = run({ ...assignment, counters, shard: row, port: port2 })
    // Callers race against `done`; an unhandled rejection must not end the process.
    this.done.catch(() => undefined)
  }

  send(message: ToShard): void {
    this.#port.postMessage(message)
  }

  close(): void {
    this.#port.close()
  }
}

/** Shards in worker threads of this process, one each. */
export function threadHosts(
  pool: Piscina,
  assignments: readonly ShardAssignment[],
  counters: SharedArrayBuffer,
  take: TakeNews,
): ShardHosts {
  const run: RunShard = (task) => pool.run(task, { transferList: [task.port] })
  return {
    shards: assignments.map((assignment, row) => new ThreadHost(run, assignment, counters, row, take)),
    pids: [],
    destroy: () => pool.destroy(),
  }
}
