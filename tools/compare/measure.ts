import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { SinkBroker } from '../benchmarks/sink-broker.ts'
import { costOf, endedChildrenCpuSeconds } from '../process-cost.ts'
import type { ConnectTask, Peer, PublishTask } from './peer.ts'

const LOOK_EVERY_MS = 50
const LIMIT_MS = 120_000

/** One figure of one peer in one round; undefined where it did not get there, with the reason in `failure`. */
export interface Measured {
  cpuSeconds?: number
  residentMiB?: number
  /** What one connection adds to the process that holds a single one. */
  microsecondsEach?: number
  kibEach?: number
  seconds?: number
  failure?: string
}

/** How many clients connect, and how long they rest then: CONNACKs are read, and what connecting left behind can be collected. */
export interface Fleet {
  clients: number
  restMs: number
}

/** Connects and rests: CPU and memory of the whole process, start-up included. */
export async function measureConnect(
  peer: Peer,
  sink: SinkBroker,
  { clients, restMs }: Fleet,
): Promise<Measured> {
  return held(peer, sink, { kind: 'connect', port: sink.port, clients }, async (child, seconds) => {
    await pause(restMs)
    return { ...costOf(child.pid!), seconds }
  })
}

/** What `many` cost above what `one` did, for each connection. */
export function perConnection(one: Measured, many: Measured, clients: number): Measured {
  if (one.cpuSeconds === undefined || many.cpuSeconds === undefined) return { ...one, ...many }
  return {
    ...many,
    microsecondsEach: ((many.cpuSeconds - one.cpuSeconds) * 1e6) / (clients - 1),
    kibEach: ((many.residentMiB! - one.residentMiB!) * 1024) / (clients - 1),
  }
}

/** Connects, kills the broker, opens it again after `awayMs`: seconds from then until every client is back. */
export async function measureReturn(
  peer: Peer,
  sink: SinkBroker,
  { clients, restMs }: Fleet,
  awayMs: number,
): Promise<Measured> {
  return held(peer, sink, { kind: 'connect', port: sink.port, clients }, async (child) => {
    await pause(restMs)
    const before = costOf(child.pid!)
    await sink.kill()
    await pause(awayMs)
    await sink.open()
    const seconds = await untilConnected(sink, clients, child)
    const after = costOf(child.pid!)
    if (seconds === undefined)
      return { failure: `${sink.sockets()} of ${clients} came back within ${LIMIT_MS / 1000} s` }
    return { seconds, cpuSeconds: after.cpuSeconds - before.cpuSeconds }
  })
}

/** Publishes to the end: CPU of the whole process, start-up and connecting included. */
export async function measurePublish(peer: Peer, task: PublishTask): Promise<Measured> {
  const command = peer.command(task)
  if (!command) return { failure: 'has no such task' }
  const before = endedChildrenCpuSeconds()
  const start = performance.now()
  const child = begin(command)
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  const [code, signal] = await once(child, 'exit')
  clearTimeout(limit)
  if (code !== 0) return { failure: `ended with ${code ?? signal}` }
  return {
    cpuSeconds: endedChildrenCpuSeconds() - before,
    seconds: (performance.now() - start) / 1000,
  }
}

async function held(
  peer: Peer,
  sink: SinkBroker,
  task: ConnectTask,
  measure: (child: ChildProcess, seconds: number) => Promise<Measured>,
): Promise<Measured> {
  const command = peer.command(task)
  if (!command) return { failure: 'has no such task' }
  const child = begin(command)
  try {
    const seconds = await untilConnected(sink, task.clients, child)
    if (seconds === undefined)
      return { failure: `${sink.sockets()} of ${task.clients} connected within ${LIMIT_MS / 1000} s` }
    return await measure(child, seconds)
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    }
  }
}

async function untilConnected(
  sink: SinkBroker,
  clients: number,
  child: ChildProcess,
): Promise<number | undefined> {
  const start = performance.now()
  while (sink.sockets() < clients) {
    if (performance.now() - start > LIMIT_MS || child.exitCode !== null) return undefined
    await pause(LOOK_EVERY_MS)
  }
  return (performance.now() - start) / 1000
}

function begin([program, ...args]: string[]): ChildProcess {
  return spawn(program!, args, { stdio: 'ignore' })
}
