import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ShardEnds, type ShardOutlet } from './shard-ends.ts'
import type { FromProcess, ShardAssignment, ShardHost, ToProcess } from './shard-host.ts'

/** A child that has lost its parent ends at once; one that has not after this long never will. */
const END_MS = 3000
/** Flags of this Node that a child is to have too. Others (an inspector's port, a script to evaluate) are not for two. */
const PASSED_ON = /^--(max-|stack-|expose|cpu-prof|heap-prof|trace-)/

const CHILD = fileURLToPath(new URL('./child-main.js', import.meta.url))

/** One child process with some shards of the fleet: it is spoken to over IPC, and sends what threads would share. */
export class ChildProcessHost {
  readonly #child: ChildProcess
  readonly #ends: ShardEnds
  readonly #exited: Promise<unknown>

  constructor(assignments: readonly ShardAssignment[], out: ShardOutlet) {
    this.#child = fork(CHILD, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: process.execArgv.filter((flag) => PASSED_ON.test(flag)),
    })
    this.#exited = once(this.#child, 'exit').catch(() => undefined)
    this.#ends = new ShardEnds(
      assignments.map(({ shard }) => shard),
      ended(this.#child, () => this.#ends.diedOf),
      (shard, message) => this.#send({ type: 'to-shard', shard, message }),
      out,
    )
    this.#child.on('message', (message: FromProcess) => this.#ends.hear(message))
    this.#send({ type: 'begin', assignments: [...assignments] })
  }

  get shards(): readonly ShardHost[] {
    return this.#ends.shards
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Takes the channel away, upon which the child ends; kills it where it does not. */
  async destroy(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), END_MS)
    await this.#exited
    clearTimeout(kill)
  }

  /** Ignored for a child that has ended; `done` reports that. */
  #send(message: ToProcess): void {
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }
}

/** Settles once the process has ended and everything that it said was heard: rejects unless it ended as it should. */
async function ended(child: ChildProcess, diedOf: () => string | undefined): Promise<void> {
  const heard = new Promise<void>((resolve) => child.once('disconnect', resolve))
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (...how) => resolve(how))
  })
  await heard
  const what = diedOf()
  if (code === 0 && what === undefined) return
  throw new Error(what ?? (signal ? `it was ended by ${signal}` : `it exited with code: ${code}`))
}
