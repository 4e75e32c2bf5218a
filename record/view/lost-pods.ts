import { type FleetPodEvent, isOfPod } from '#weir/facts/index.ts'
import type { RunRecord } from '../run-record.ts'

/** Events are handed over several times a second: the last ones before a pod was lost may be missing. */
const NOTICED_NS = 1e9

/** A pod of the fleet of which nothing came from before the fleet began to leave on; that may be noticed later. */
export interface LostPod extends FleetPodEvent {
  /** Its clients are known up to here. */
  sinceT: number
  how: string
  clients: number
}

/** In order of time. */
export function lostPods({ events, fleet }: Pick<RunRecord, 'events' | 'fleet'>): LostPod[] {
  const stoppingT =
    events.find((event) => event.type === 'mark' && event.name === 'fleet-stopping')?.t ??
    Number.POSITIVE_INFINITY
  return events
    .flatMap((event): LostPod[] => {
      if (event.type !== 'fleet-pod' || event.phase !== 'lost') return []
      const { how = `fleet pod ${event.pod} was lost` } = event
      const sinceT = (event.sinceT ?? event.t) - NOTICED_NS
      if (sinceT >= stoppingT) return []
      const clients = fleet.ids.filter((_, client) => isOfPod(event, client)).length
      return [{ ...event, sinceT, how, clients }]
    })
    .sort((a, b) => a.sinceT - b.sinceT)
}

/** Up to when each client is known: Infinity for one that is in no lost pod. */
export function knownUntil(lost: readonly LostPod[]): (client: number) => number {
  return (client) => lost.find((pod) => isOfPod(pod, client))?.sinceT ?? Number.POSITIVE_INFINITY
}
