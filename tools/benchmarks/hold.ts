/**
 * Holds many connections for a while, more than one process may open: weir's fleet over child processes against several mosquittos,
 * each with the descriptors that the system gives it. Every few seconds and at the end the fleet's counters are held against what
 * the brokers themselves say ($SYS/broker/clients/connected) and against the sockets that the kernel lists for them.
 * Exit code 1 when a connection was lost or a count differs.
 *
 * usage: node dist/tools/benchmarks/hold.js [clients, 60000] [seconds, 600] [brokers, 4] [processes, as needed]   (Linux, with mosquitto)
 */

import { startFleet } from '#weir/bench/index.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import { CLIENT_EVENT_KINDS, type ClientEvents } from '#weir/facts/client-events.ts'
import { cpuSeconds, descendants, residentMiB } from '../process-cost.ts'
import { SinkBroker } from './sink-broker.ts'

const LOOK_EVERY_MS = 10_000
const [clients = 60_000, seconds = 600, brokerCount = 4, processes = 0] = process.argv.slice(2).map(Number)

/** Events by kind and reason: what happened, from the batches rather than the counters. */
const happened = new Map<string, number>()

function count(batch: ClientEvents): void {
  for (let row = 0; row < batch.length; row++) {
    const reason = batch.reasons[batch.reason[row]!]!
    const words = `${CLIENT_EVENT_KINDS[batch.kind[row]!]!}${reason === '' ? '' : ` ${reason}`}`
    happened.set(words, (happened.get(words) ?? 0) + 1)
  }
}

function spec(brokers: readonly SinkBroker[]): FleetSpec {
  return {
    clients,
    processes,
    seed: 1,
    targets: brokers.map(({ port }) => ({ host: '127.0.0.1', port })),
    clientId: 'hold_%i',
    arrival: { kind: 'rate', perSecond: 2000 },
    groups: [{ name: 'all', share: 1, protocol: '5', persistent: false }],
    keepAliveSeconds: 60,
    reconnect: { preset: 'naive-immediate' },
    connectTimeoutMs: 30_000,
    connackTimeoutMs: 30_000,
    connectsInFlight: 64,
    workers: 0,
    clockZeroNs: process.hrtime.bigint(),
  }
}

function say(text: string): void {
  process.stdout.write(`${((performance.now() - startMs) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const startMs = performance.now()
const brokers = await Promise.all(Array.from({ length: brokerCount }, () => SinkBroker.start()))
let failed = false
try {
  const fleet = await startFleet(spec(brokers), count)
  for (const note of fleet.notes) say(note)
  const children = descendants(process.pid).filter((pid) => !brokers.some((broker) => broker.pid === pid))
  say(`${clients} clients over ${children.length} child processes and ${brokerCount} brokers`)
  const beginMs = performance.now()
  while (fleet.counters().online < clients) {
    const { online, failed: failures, refused, disconnected } = fleet.counters()
    if (failures + refused + disconnected > clients)
      throw new Error('more connects fail than there are clients')
    await later(100)
    if (performance.now() - beginMs > 300_000) throw new Error(`${online} online after 300 s`)
  }
  const { scheduleLagP99Ms, loopDelayMaxMs } = fleet.health()
  say(
    `all online after ${((performance.now() - beginMs) / 1000).toFixed(1)} s; schedule lag p99 ${scheduleLagP99Ms.toFixed(1)} ms, event loop at most ${loopDelayMaxMs.toFixed(1)} ms late`,
  )
  const atFirst = fleet.counters()
  const cpuAtFirst = [process.pid, ...children].map(cpuSeconds).reduce((a, b) => a + b)
  const heldSince = performance.now()
  while (performance.now() - heldSince < seconds * 1000) {
    await later(Math.min(LOOK_EVERY_MS, seconds * 1000 - (performance.now() - heldSince)))
    const { online, disconnected } = fleet.counters()
    const { lateMs, watchedMs, loopDelayMaxMs: late } = fleet.health()
    say(
      `${online} online, ${disconnected - atFirst.disconnected} lost since; brokers' sockets ${brokers.map((broker) => broker.sockets()).join(' + ')}, loops at most ${late.toFixed(0)} ms late, ${((100 * lateMs) / watchedMs).toFixed(2)} % of the time over 50 ms`,
    )
  }
  const said = await Promise.all(brokers.map((broker) => broker.clientsConnected()))
  const sockets = brokers.map((broker) => broker.sockets())
  const cpu = [process.pid, ...children].map(cpuSeconds).reduce((a, b) => a + b) - cpuAtFirst
  const memory = [process.pid, ...children].map(residentMiB)
  const last = fleet.counters()
  await fleet.stop()
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b)
  // The one that asks a broker is a client of it as well.
  const theirs = sum(said) - brokers.length
  const lost = last.disconnected - atFirst.disconnected
  say(
    `held for ${seconds} s: ${lost} lost, ${last.attempts} attempts, ${last.connected} accepted, ${last.failed} failed, ${last.refused} refused, ${last.droppedEvents} events dropped`,
  )
  say(
    `online: weir says ${last.online}, the brokers say ${said.join(' + ')} less ${brokers.length} that asked = ${theirs}, the kernel lists ${sockets.join(' + ')} = ${sum(sockets)}`,
  )
  say(`events: ${[...happened].map(([words, times]) => `${times} ${words}`).join(', ')}`)
  say(
    `while held: ${cpu.toFixed(1)} CPU s, resident MiB ${memory.map((mib) => mib.toFixed(0)).join(' + ')} = ${sum(memory).toFixed(0)}, ${((sum(memory) * 1024) / clients).toFixed(1)} KiB a connection with the processes' own`,
  )
  const exact =
    last.online === clients &&
    theirs === clients &&
    sum(sockets) === clients &&
    happened.get('scheduled') === last.scheduled &&
    happened.get('attempt') === last.attempts &&
    happened.get('connected') === last.connected &&
    happened.get('left stopped') === clients
  failed = lost > 0 || !exact
  say(failed ? 'NOT HELD: a connection was lost, or the counts differ' : 'held: none lost, all counts agree')
} finally {
  for (const broker of brokers) await broker.stop()
}
process.exitCode = failed ? 1 : 0
