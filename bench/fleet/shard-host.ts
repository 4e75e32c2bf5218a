import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Piscina } from 'piscina'
import type { Columns } from '../events/columns.ts'
import type { ShardProbes } from './health.ts'
import type { FromShard, ShardTask, ToShard } from './shard-messages.ts'

/** The main thread's end of one worker. */
export class ShardHost {
  /** Settles with the worker's task: rejects when the worker dies. */
  readonly done: Promise<void>
  /** The worker is set up and waits for the start. */
  readonly ready: Promise<ShardProbes>
  /** The last batch has been delivered. */
  readonly stopped: Promise<void>
  readonly #port: MessagePort

  constructor(pool: Piscina, task: Omit<ShardTask, 'port'>, onBatch: (columns: Columns) => void) {
    const { port1, port2 } = new MessageChannel()
    const ready = Promise.withResolvers<ShardProbes>()
    const stopped = Promise.withResolvers<void>()
    port1.on('message', (message: FromShard) => {
      if (message.type === 'batch') onBatch(message.columns)
      else if (message.type === 'ready') ready.resolve(message)
      else stopped.resolve()
    })
    this.#port = port1
    this.ready = ready.promise
    this.stopped = stopped.promise
    this.done = pool.run({ ...task, port: port2 } satisfies ShardTask, { transferList: [port2] })
    // Whoever cares races against `done`; that nobody does at some moment is no reason to end the process.
    this.done.catch(() => undefined)
  }

  start(startMs: number): void {
    this.#say({ type: 'start', startMs })
  }

  stop(graceMs: number): void {
    this.#say({ type: 'stop', graceMs })
  }

  close(): void {
    this.#port.close()
  }

  #say(message: ToShard): void {
    this.#port.postMessage(message)
  }
}
