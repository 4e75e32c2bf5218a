import type { Evacuation, EvacuationState, RecordEvent, Scrape } from '#weir/facts/index.ts'
import { hostOf } from './client-history.ts'
import type { NodeDrain } from './drained-nodes.ts'
import { CONNECTIONS_METRIC, LIVE_METRIC } from './parameters.ts'
import type { NodeRow, Recording } from './recording.ts'

type Clock = (tMs: number) => number

/**
 * The drained nodes as the old set, all others as the new one: a recording without Kubernetes has no sets.
 */
export function setAndPodEvents(
  nodes: readonly string[],
  drains: readonly NodeDrain[],
  nameOf: (node: string) => string,
  triggerT: number,
): RecordEvent[] {
  const isOld = (node: string) => drains.some((drain) => drain.node === node)
  const old = nodes.filter(isOld)
  const fresh = nodes.filter((node) => !isOld(node))
  const set = (t: number, name: string, replicas: number, createdUnixMs: number): RecordEvent => ({
    t,
    type: 'set',
    kind: 'StatefulSet',
    name,
    createdUnixMs,
    specReplicas: replicas,
    replicas,
    readyReplicas: replicas,
    deleted: false,
  })
  const pod = (t: number, node: string, owner: string): RecordEvent => ({
    t,
    type: 'pod',
    name: hostOf(node),
    uid: hostOf(node),
    set: owner,
    node: nameOf(node),
    ip: hostOf(node),
    phase: 'Running',
    ready: true,
    deleting: false,
    deleted: false,
  })
  return [
    set(0, 'drained', old.length, 0),
    ...old.map((node) => pod(0, node, 'drained')),
    set(triggerT + 1, 'receiving', fresh.length, 1),
    ...fresh.map((node) => pod(triggerT + 1, node, 'receiving')),
  ]
}

export function scrapesOf(
  rows: readonly NodeRow[],
  nameOf: (node: string) => string,
  clock: Clock,
): Scrape[] {
  return rows.map((row) => {
    const counts: [string, number | undefined][] = [
      [CONNECTIONS_METRIC, row.connections],
      [LIVE_METRIC, row.live],
      ['emqx_sessions_count', row.sessions],
      ['emqx_cluster_sessions_count', row.clusterSessions],
    ]
    const metrics = Object.fromEntries(counts.filter((one): one is [string, number] => one[1] !== undefined))
    const ok = row.connections !== undefined || row.live !== undefined
    return {
      t: clock(row.tMs + row.tookMs),
      tookNs: row.tookMs * 1e6,
      pod: hostOf(row.node),
      node: nameOf(row.node),
      ok,
      ...(ok ? { status: 200 } : { error: 'the recorder read no value' }),
      metrics: ok ? metrics : {},
    }
  })
}

/** One sample of every node's evacuation per poll, and of `/nodes` if it was recorded. */
export function samplesOf(
  recording: Recording,
  nameOf: (node: string) => string,
  clock: Clock,
): RecordEvent[] {
  const events: RecordEvent[] = []
  const latest = new Map<string, NodeRow>()
  // A node that is no longer polled is gone.
  const lastMs = new Map(recording.nodes.map((row) => [row.node, row.tMs]))
  const rounds = Map.groupBy(recording.nodes, (row) => row.tMs)
  let answeredMs = 0
  for (const [tMs, rows] of rounds) {
    for (const row of rows) latest.set(row.node, row)
    for (const row of latest.values()) if (lastMs.get(row.node)! < tMs) latest.delete(row.node)
    const tookMs = Math.max(...rows.map((row) => row.tookMs))
    // Never before the answer to an earlier poll: it is part of this sample.
    answeredMs = Math.max(answeredMs, tMs + tookMs)
    const t = clock(answeredMs)
    const common = { t, tookNs: t - clock(tMs), via: hostOf(rows[0]!.node) }
    // Nodes were polled one by one: the sample is as old as its oldest poll.
    const oldestMs = Math.min(...[...latest.values()].map((row) => row.tMs))
    if (rows.some((row) => row.state !== undefined)) {
      const evacuations = [...latest.values()].flatMap((row) => evacuationOf(row, nameOf))
      events.push({ type: 'evacuation', ...common, tookNs: common.t - clock(oldestMs), evacuations })
    }
    const nodes = rows.flatMap((row) =>
      row.apiConnections === undefined
        ? []
        : [
            {
              node: nameOf(row.node),
              running: true,
              version: '',
              connections: row.apiConnections,
              ...(row.apiLive === undefined ? {} : { liveConnections: row.apiLive }),
            },
          ],
    )
    if (nodes.length > 0) events.push({ type: 'nodes', ...common, nodes })
  }
  return events
}

function evacuationOf(row: NodeRow, nameOf: (node: string) => string): Evacuation[] {
  // A rebalance goes through other states: it is no evacuation.
  if (row.state === undefined || row.state === '' || row.process === 'rebalance') return []
  const { body } = row
  return [
    {
      node: nameOf(row.node),
      state: row.state as EvacuationState,
      connectionEvictionRate: body?.connection_eviction_rate ?? 0,
      sessionEvictionRate: body?.session_eviction_rate ?? 0,
      recipients: body?.session_recipients ?? [],
      initialConnected: body?.stats?.initial_connected ?? 0,
      initialSessions: body?.stats?.initial_sessions ?? 0,
      currentConnected: body?.stats?.current_connected ?? 0,
      currentSessions: body?.stats?.current_sessions ?? 0,
    },
  ]
}
