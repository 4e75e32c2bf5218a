import type { ClientEvents, RecordEvent, Scrape } from '#weir/facts/index.ts'
import { ClientColumns, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'

const S = 1e9
const TRIGGER_T = 200 * S
const FIRST_T = 220 * S
const GAP_NS = 20 * S
const SCRAPE_NS = 10 * S
const METRICS = ['emqx_connections_count', 'emqx_live_connections_count'] as const
const PODS = ['blue-2', 'blue-1', 'blue-0', 'green-0', 'green-1', 'green-2']

/** An upgrade of three nodes that never happened. */
export interface LargeRun {
  clients: number
  /** Connections that a node evicts per second. */
  rate: number
  /** Seconds from one listing of a node's clients to the next, a multiple of 10; each has all ids in it. */
  listEverySeconds: number
}

/** The record of an honest upgrade with five events of each client, built without a run. */
export function largeRecord({ clients, rate, listEverySeconds }: LargeRun): RunRecord {
  const perNode = Math.ceil(clients / 3)
  const drainNs = (perNode / rate) * S
  const endT = FIRST_T + 3 * (drainNs + GAP_NS) + 30 * S
  // All have connected when the change is made.
  const arrivalNs = Math.min(1e6, (190 * S) / clients)

  /** Node by node, `rate` clients in the first milliseconds of each second. */
  const evictionOf = (client: number): number => {
    const place = Math.floor(client / 3)
    const turn = client % 3
    const within = (place % rate) * (2e7 / Math.max(rate, 1000))
    return FIRST_T + turn * (drainNs + GAP_NS) + Math.floor(place / rate) * 1.002 * S + within
  }

  const arrivalOf = (client: number): number => S + client * arrivalNs

  function events(): ClientEvents {
    const columns = new ClientColumns()
    const target = columns.target('127.0.0.1:32010')
    const none = columns.reason('')
    const packet = columns.reason('disconnect-packet')
    for (let client = 0; client < clients; client++) {
      const at = arrivalOf(client)
      columns.addRow(at, client, 1, none, -1, -1, target)
      columns.addRow(at + 2e6, client, 2, none, 0, 0, target)
      const evictT = evictionOf(client)
      columns.addRow(evictT, client, 5, packet, 0x9c, -1, target)
      columns.addRow(evictT + S, client, 1, none, -1, -1, target)
      columns.addRow(evictT + S + 3e6, client, 2, none, 0, client % 2, target)
    }
    return columns.take()
  }

  /** Calls `found` with each client that is on a node then, and returns how many there are. */
  function holding(pod: string, t: number, found?: (client: number) => void): number {
    const [side, n] = pod.split('-') as [string, string]
    const isOld = side === 'blue'
    // A client leaves its old node in its turn, and comes to a new one by its number.
    const [first, step] = isOld ? [2 - Number(n), 3] : [0, 1]
    let count = 0
    for (let client = first; client < clients; client += step) {
      const evictT = evictionOf(client)
      const isHere = isOld
        ? arrivalOf(client) + 2e6 <= t && evictT > t
        : Math.floor(client / 3) % 3 === Number(n) && evictT + S + 3e6 <= t
      if (!isHere) continue
      count++
      found?.(client)
    }
    return count
  }

  return recordOf({
    parameters: {
      clients,
      nodes: 3,
      connEvictRate: rate,
      sessEvictRate: rate,
      waitTakeoverSeconds: 5,
      initialDelaySeconds: 5,
      pollIntervalSeconds: 1,
      scrapeIntervalSeconds: SCRAPE_NS / S,
      sampleIntervalSeconds: 1,
      reconnect: { policy: 'fixed', minMs: 1000, maxMs: 1000 },
      dialect: {
        name: 'synthetic',
        healthCheckWaitSeconds: 0,
        evacuates: true,
        connectionsMetric: METRICS[0],
        liveConnectionsMetric: METRICS[1],
      },
      holdSeconds: 5,
    },
    manifest: { end: { t: endT, how: 'completed' } },
    fleet: fleetOf(clients, [
      { name: 'clean', protocol: '3.1.1', persistent: false, subscribed: false },
      { name: 'persistent', protocol: '5', persistent: true, subscribed: true },
    ]),
    clients: events(),
    ...cluster({ endT, rate, perNode, drainNs, listNs: listEverySeconds * S }, holding),
  })
}

interface Course {
  endT: number
  rate: number
  perNode: number
  drainNs: number
  listNs: number
}

function cluster(
  course: Course,
  holding: (pod: string, t: number, found?: (client: number) => void) => number,
): { events: RecordEvent[]; scrapes: Scrape[] } {
  const { endT, listNs } = course
  const events: RecordEvent[] = [
    { t: TRIGGER_T, type: 'mark', name: 'trigger' },
    { t: endT - 5 * S, type: 'mark', name: 'upgrade-done' },
    { t: endT, type: 'mark', name: 'fleet-stopping' },
    ...sets(),
    ...PODS.map(podEvent),
  ]
  const scrapes: Scrape[] = []
  const firstT = TRIGGER_T - SCRAPE_NS / 2
  for (const pod of PODS)
    for (let t = firstT; t < endT; t += SCRAPE_NS) {
      const where = { node: nodeOf(pod), tookNs: 1e7 }
      const connected: string[] = []
      const isListed = (t - firstT) % listNs === 0
      const count = holding(pod, t, isListed ? (client) => connected.push(`c${client}`) : undefined)
      if (isListed)
        events.push({ t, type: 'listing', ...where, via: pod, complete: true, connected, detached: [] })
      const metrics = Object.fromEntries(METRICS.map((name) => [name, count]))
      scrapes.push({ t, pod, ...where, tookNs: 1e6, ok: true, status: 200, metrics })
    }
  return { events: [...events, ...evacuations(course), ...health(endT)], scrapes }
}

const nodeOf = (pod: string) => `emqx@${pod}`

const sets = (): RecordEvent[] =>
  (
    [
      ['blue', 0],
      ['green', TRIGGER_T + S],
    ] as const
  ).map(([name, t]) => ({
    ...{ t, type: 'set', kind: 'StatefulSet', name, createdUnixMs: t / 1e6 },
    ...{ specReplicas: 3, replicas: 3, readyReplicas: 3, deleted: false },
  }))

const podEvent = (pod: string): RecordEvent => ({
  t: pod.startsWith('blue') ? 0 : TRIGGER_T + 2 * S,
  type: 'pod',
  name: pod,
  uid: pod,
  set: pod.split('-')[0]!,
  node: nodeOf(pod),
  phase: 'Running',
  ready: true,
  deleting: false,
  deleted: false,
})

function evacuations({ endT, rate, perNode, drainNs }: Course): RecordEvent[] {
  const events: RecordEvent[] = []
  for (let t = FIRST_T - 10 * S; t < endT; t += S) {
    const turn = Math.floor((t - FIRST_T) / (drainNs + GAP_NS))
    const evacuation = {
      node: nodeOf(`blue-${2 - turn}`),
      state: 'evicting_conns' as const,
      connectionEvictionRate: rate,
      sessionEvictionRate: rate,
      recipients: [],
      initialConnected: perNode,
      initialSessions: perNode,
      currentConnected: 0,
      currentSessions: 0,
    }
    const isMoving = turn >= 0 && turn <= 2
    events.push({
      ...{ t, type: 'evacuation', via: 'green-0', tookNs: 1e6 },
      evacuations: isMoving ? [evacuation] : [],
    })
  }
  return events
}

function health(endT: number): RecordEvent[] {
  return Array.from({ length: Math.ceil(endT / S) }, (_, second) => ({
    t: second * S,
    type: 'health' as const,
    loopDelayP99Ms: 5,
    loopDelayMaxMs: 9,
    scheduleLagP99Ms: 5,
    droppedEvents: 0,
    rssMiB: 300,
    cpuPercent: 50,
    clockSkewMs: 0,
  }))
}
