/** Records of a fleet in two pods. */
import { CLIENT_KIND, pickClientRows, type RecordEvent } from '#weir/facts/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { honestRun, markT, S, withEvents } from './checks/honest-run.ts'

export const POD = 'weir-fleet-x-1'

const runs = (t: number): RecordEvent[] =>
  [0, 1].flatMap((shard): RecordEvent[] => [
    { t, type: 'fleet-pod', pod: `weir-fleet-x-${shard}`, phase: 'running', shards: [shard], of: 2 },
    ...Array.from({ length: 40 }, (_, i): RecordEvent => {
      const reading = { tookNs: 1e6, trips: 7, aheadMs: 0.1, errorMs: 0.5 }
      return { t: t + i * 5 * S, type: 'fleet-clock', pod: `weir-fleet-x-${shard}`, ...reading }
    }),
  ])

/** The honest run, of a fleet in two pods. */
export function inPods(): RunRecord {
  const honest = honestRun()
  return withEvents(honest, ...runs(markT(honest, 'cluster-ready')))
}

/** The same; the second pod is lost in the middle of the first drain, and with it its rows. */
export function losing(how = `fleet pod ${POD} ended (OOMKilled, exit code 137)`): RunRecord {
  const record = inPods()
  const { clients } = record
  const sinceT = clients.t[clients.kind.indexOf(CLIENT_KIND.disconnected)]! + 6 * S
  const kept = Array.from({ length: clients.length }, (_, row) => row).filter(
    (row) => clients.t[row]! <= sinceT || clients.client[row]! % 2 === 0,
  )
  const lost = { type: 'fleet-pod', pod: POD, phase: 'lost', shards: [1], of: 2, how, sinceT } as const
  return withEvents({ ...record, clients: pickClientRows(clients, kept) }, { t: sinceT + 2 * S, ...lost })
}
