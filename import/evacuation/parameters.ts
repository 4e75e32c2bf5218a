import type { ParameterName, Parameters } from '#weir/facts/index.ts'
import type { ImportOptions } from '../options.ts'
import type { History } from './client-history.ts'
import type { NodeDrain } from './drained-nodes.ts'
import { nodeNames } from './node-names.ts'
import { rebalanceOf } from './rebalance.ts'
import type { Recording } from './recording.ts'

export const CONNECTIONS_METRIC = 'emqx_connections_count'
export const LIVE_METRIC = 'emqx_live_connections_count'

/** Evictions further apart than this belong to two ticks. */
const TICK_GAP_MS = 400

/**
 * The numbers of the evacuation: as told, else as EMQX reported them. What neither says is what was seen, and listed as unknown.
 */
export function parametersOf(
  recording: Recording,
  history: History,
  drains: readonly NodeDrain[],
  told: ImportOptions,
): Parameters {
  const body = recording.nodes.find((row) => row.body?.connection_eviction_rate !== undefined)?.body
  const rate = told.connEvictRate ?? body?.connection_eviction_rate
  const connEvictRate = rate ?? usualBurst(history, drains)
  const interval = scrapeInterval(recording)
  const unknown: ParameterName[] = []
  if (rate === undefined) unknown.push('connEvictRate')
  if (told.waitTakeoverSeconds === undefined) unknown.push('waits')
  if (told.reconnectMs === undefined) unknown.push('reconnect')
  const levelled = rebalanceOf(recording, drains, told, nodeNames(recording))
  if (levelled && !levelled.isTold) unknown.push('thresholds')
  return {
    clients: history.fleet.ids.length || mostConnected(recording),
    nodes: Math.max(1, drains.length),
    connEvictRate,
    sessEvictRate: body?.session_eviction_rate ?? connEvictRate,
    waitTakeoverSeconds: told.waitTakeoverSeconds ?? secondsIn('waiting_takeover', recording, drains),
    initialDelaySeconds: 0,
    pollIntervalSeconds: interval,
    scrapeIntervalSeconds: interval,
    sampleIntervalSeconds: interval,
    reconnect: {
      policy: told.reconnectMs ? 'as told' : 'as recorded',
      ...(told.reconnectMs ?? waits(history.waitsMs)),
    },
    dialect: {
      name: 'recorded evacuation',
      healthCheckWaitSeconds:
        told.waitHealthCheckSeconds ?? secondsIn('waiting_health_check', recording, drains),
      evacuates: true,
      connectionsMetric: CONNECTIONS_METRIC,
      liveConnectionsMetric: LIVE_METRIC,
    },
    ...(levelled && { rebalance: levelled.rebalance }),
    ...(unknown.length > 0 && { unknown }),
    holdSeconds: 0,
  }
}

/** The median number of evictions in one tick. */
function usualBurst(history: History, drains: readonly NodeDrain[]): number {
  const sizes: number[] = []
  for (const { node } of drains) {
    let lastMs = Number.NEGATIVE_INFINITY
    for (const tMs of history.lossesMs.get(node) ?? []) {
      if (tMs - lastMs > TICK_GAP_MS) sizes.push(0)
      sizes[sizes.length - 1]!++
      lastMs = tMs
    }
  }
  return Math.max(1, median(sizes) ?? 1)
}

/** The median time between two polls of one node, in seconds. */
function scrapeInterval(recording: Recording): number {
  const last = new Map<string, number>()
  const gaps: number[] = []
  for (const row of recording.nodes) {
    const before = last.get(row.node)
    if (before !== undefined && row.tMs > before) gaps.push(row.tMs - before)
    last.set(row.node, row.tMs)
  }
  return Math.round((median(gaps) ?? 1000) / 100) / 10
}

/** Of a recording without clients: the largest number of connections on all nodes in one round of polls. */
function mostConnected(recording: Recording): number {
  const latest = new Map<string, number>()
  let most = 0
  for (const row of recording.nodes) {
    latest.set(row.node, row.live ?? row.connections ?? 0)
    most = Math.max(
      most,
      [...latest.values()].reduce((sum, one) => sum + one, 0),
    )
  }
  return most
}

/**
 * How long the first node was in a state, to the nearest second: from the recorder's list of changes if it has both ends and agrees
 * with the polls, else from the polls.
 */
function secondsIn(state: string, recording: Recording, drains: readonly NodeDrain[]): number {
  for (const drain of drains) {
    const at = drain.states.findIndex((one) => one.state === state)
    const [here, next] = [drain.states[at], drain.states[at + 1]]
    if (here === undefined || next === undefined) continue
    const least = next.notBeforeMs - here.seenMs
    const most = next.seenMs - here.notBeforeMs
    const from = recording.states.find((one) => one.state === state && one.tMs >= here.notBeforeMs)
    const to = recording.states.find(
      (one) => one.state === next.state && from !== undefined && one.tMs > from.tMs,
    )
    const listed = from === undefined || to === undefined ? undefined : to.tMs - from.tMs
    const agrees = listed !== undefined && listed >= least - 500 && listed <= most + 500
    return Math.round((agrees ? listed : (least + most) / 2) / 1000)
  }
  return 0
}

function waits(waitsMs: readonly number[]): { minMs: number; maxMs: number } {
  const sorted = [...waitsMs].sort((a, b) => a - b)
  const at = (q: number) => Math.max(0, Math.round(sorted[Math.round(q * (sorted.length - 1))] ?? 1000))
  return { minMs: at(0.005), maxMs: at(0.995) }
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}
