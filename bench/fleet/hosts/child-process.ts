import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createHistogram } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { CounterRow } from '../../counters/live-counters.ts'
import type { EndedSessions } from '../../types.ts'
import type { ShardProbes } from '../health.ts'
import type { ToShard } from '../shard-messages.ts'
import type { FromProcess, ShardAssignment, ShardHost, TakeNews, ToProcess } from './shard-host.ts'
import { applySnapshot, type CopiedProbes, SNAPSHOT_EVERY_MS } from './snapshot.ts'

/** A child that has lost its parent ends at once; one that has not after this long never will. */
const END_MS = 3000
/** Flags of this Node that a child is to have too. Others (an inspector's port, a script to evaluate) are not for two. */
const PASSED_ON = /^--(max-|stack-|expose|cpu-prof|heap-prof|trace-)/

const CHILD = fileURLToPath(new URL('./child-main.js', import.meta.url))

/** One child process with some shards of the fleet: it is spoken to over IPC, and sends what threads would share. */
export class ChildProcessHost {
  readonly shards: readonly ShardHost[]
  readonly #child: ChildProcess
  readonly #ends = new Map<number, ShardEnd>()
  readonly #rows: readonly CounterRow[]
  readonly #take: TakeNews
  readonly #exited: Promise<unknown>
  #diedOf: string | undefined

  constructor(assignments: readonly ShardAssignment[], rows: readonly CounterRow[], take: TakeNews) {
    this.#rows = rows
    this.#take = take
    this.#child = fork(CHILD, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: process.execArgv.filter((flag) => PASSED_ON.test(flag)),
    })
    this.#exited = once(this.#child, 'exit').catch(() => undefined)
    const done = ended(this.#child, () => this.#diedOf)
    done.catch(() => undefined)
    this.shards = assignments.map(({ shard }) => {
      const end = new ShardEnd(done, (message) => this.#send({ type: 'to-shard', shard, message }))
      this.#ends.set(shard, end)
      return end
    })
    this.#child.on('message', (message: FromProcess) => this.#hear(message))
    this.#send({ type: 'begin', assignments: [...assignments] })
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

  #hear(message: FromProcess): void {
    switch (message.type) {
      case 'news':
        this.#take(message.shard, message.news)
        return
      case 'snapshots':
        for (const snapshot of message.snapshots)
          applySnapshot(snapshot, this.#rows[snapshot.shard]!, this.#ends.get(snapshot.shard)!.probes)
        return
      case 'ready':
        this.#ends.get(message.shard)!.isReady()
        return
      case 'stopped':
        this.#ends.get(message.shard)!.hasStopped(message.sessions)
        return
      case 'died':
        this.#diedOf = message.what
    }
  }

  /** Ignored for a child that has ended; `done` reports that. */
  #send(message: ToProcess): void {
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }
}

/** The fleet's end of one shard in a child process. */
class ShardEnd implements ShardHost {
  readonly done: Promise<void>
  readonly send: (message: ToShard) => void
  readonly probes: CopiedProbes = {
    loopDelay: createHistogram(),
    lag: createHistogram(),
    ping: createHistogram(),
    reportedEveryMs: SNAPSHOT_EVERY_MS,
  }
  readonly #ready = Promise.withResolvers<ShardProbes>()
  readonly #stopped = Promise.withResolvers<EndedSessions>()

  constructor(done: Promise<void>, send: (message: ToShard) => void) {
    this.done = done
    this.send = send
  }

  get ready(): Promise<ShardProbes> {
    return this.#ready.promise
  }

  get stopped(): Promise<EndedSessions> {
    return this.#stopped.promise
  }

  isReady(): void {
    this.#ready.resolve(this.probes)
  }

  hasStopped(sessions: EndedSessions): void {
    this.#stopped.resolve(sessions)
  }

  close(): void {
    // The channel belongs to all shards of the process, and goes with it.
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
