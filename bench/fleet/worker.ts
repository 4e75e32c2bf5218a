import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { MessagePort } from 'node:worker_threads'
import { buffersOf } from '#weir/facts/client-events.ts'
import { CounterRow } from '../counters/live-counters.ts'
import { fleetClock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { makeEngine } from '../engine/make-engine.ts'
import { type Columns, EventLog } from '../events/event-log.ts'
import { type FromShard, LOOP_PROBE_MS, type ShardTask, type ToShard } from './shard-messages.ts'

const FLUSH_EVERY_MS = 100
const LATENCIES_EVERY_MS = 1000
/** About 40 MiB of events that the main thread has not read. */
const MOST_ROWS_UNTAKEN = 2_000_000

/** Runs one shard until it is stopped. Piscina loads this file in each worker thread. */
export default async function runShard(task: ShardTask): Promise<void> {
  const { port } = task
  const send = (message: FromShard, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  const counters = new CounterRow(task.counters, task.shard)
  const loopDelay = monitorEventLoopDelay({ resolution: LOOP_PROBE_MS })
  const lag = createHistogram({ figures: 2 })
  const ping = createHistogram({ figures: 2 })
  const log = new EventLog(batchSender(counters, send))
  const shard = await makeEngine(task.spec, {
    clock: fleetClock(task.clockZeroNs, task.clockAdjustment),
    log,
    counters,
    lag,
    ping,
    traffic: (batch) => send({ type: 'traffic', batch }),
  })
  const { traffic } = shard
  const sendLedger = () => {
    if (!traffic) return
    // What is accounted for by the owner goes first, so that both are of one moment.
    traffic.flush()
    send({ type: 'ledger', part: traffic.part() })
  }
  const flushing = setInterval(() => {
    log.flush()
    traffic?.flush()
  }, FLUSH_EVERY_MS)
  const counting = setInterval(() => {
    const latencies = traffic?.latencies() ?? []
    if (latencies.length > 0) send({ type: 'latencies', latencies })
  }, LATENCIES_EVERY_MS)
  loopDelay.enable()
  send({ type: 'ready', loopDelay, lag, ping })
  const graceMs = await untilStopped(port, shard, sendLedger)
  traffic?.end()
  sendLedger()
  const sessions = await shard.stop(graceMs)
  clearInterval(flushing)
  clearInterval(counting)
  loopDelay.disable()
  log.flush()
  send({ type: 'stopped', sessions })
  port.close()
}

/** Sends batches as long as the main thread takes them; rows beyond the bound are counted as dropped. */
function batchSender(
  counters: CounterRow,
  send: (message: FromShard, transfer: ArrayBuffer[]) => void,
): (columns: Columns) => void {
  let rowsSent = 0
  return (columns) => {
    if (counters.rowsUntaken(rowsSent) > MOST_ROWS_UNTAKEN) {
      counters.add('droppedEvents', columns.length)
      return
    }
    rowsSent += columns.length
    send({ type: 'batch', columns }, buffersOf(columns))
  }
}

function untilStopped(port: MessagePort, shard: Engine, sendLedger: () => void): Promise<number> {
  return new Promise((resolve) => {
    port.on('message', (message: ToShard) => {
      if (message.type === 'start') shard.start(message.startMs)
      else if (message.type === 'traffic-begin') shard.traffic?.begin(message.startMs)
      else if (message.type === 'traffic-end') shard.traffic?.end()
      else if (message.type === 'traffic-part') sendLedger()
      else resolve(message.graceMs)
    })
  })
}
