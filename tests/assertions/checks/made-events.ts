/** What the harness records beside the clients in a made run: sets, pods, listings, its own health, evacuations. */
import type { HealthEvent, ListingEvent, Parameters, RecordEvent } from '#weir/facts/index.ts'

export const S = 1e9
export const NODE = (pod: string) => `emqx@${pod}`
export const IP = (pod: string) => (pod.startsWith('blue') ? `10.0.0.${pod.at(-1)}` : `10.0.1.${pod.at(-1)}`)

export function setEvents(replicas: number): RecordEvent[] {
  const set = (t: number, name: string, createdUnixMs: number, specReplicas: number): RecordEvent => ({
    t,
    type: 'set',
    kind: 'StatefulSet',
    name,
    createdUnixMs,
    specReplicas,
    replicas: specReplicas,
    readyReplicas: specReplicas,
    deleted: false,
  })
  return [set(0.2 * S, 'blue', 1, replicas), set(21 * S, 'green', 2, replicas)]
}

export function podEvent(pod: string, t: number): Extract<RecordEvent, { type: 'pod' }> {
  const set = pod.split('-')[0]!
  return {
    t,
    type: 'pod',
    name: pod,
    uid: `uid-${pod}`,
    set,
    node: NODE(pod),
    ip: IP(pod),
    phase: 'Running',
    ready: true,
    deleting: false,
    deleted: false,
  }
}

export function listing(pod: string, t: number, connected: string[]): ListingEvent {
  return {
    t,
    type: 'listing',
    node: NODE(pod),
    via: pod,
    tookNs: 1e7,
    complete: true,
    connected,
    detached: [],
  }
}

export function healthEvent(t: number, changes: Partial<HealthEvent> = {}): HealthEvent {
  return {
    t,
    type: 'health',
    loopDelayP99Ms: 4,
    loopDelayMaxMs: 9,
    scheduleLagP99Ms: 3,
    droppedEvents: 0,
    rssMiB: 90,
    cpuPercent: 20,
    clockSkewMs: 0.1,
    ...changes,
  }
}

export function evacuationEvents(
  drains: { pod: string; fromT: number; toT: number; doneT: number }[],
  given: Parameters,
  recipients: string[],
  endT: number,
): RecordEvent[] {
  const events: RecordEvent[] = []
  for (let t = 12.5 * S; t < endT; t += S) {
    const evacuations = drains.flatMap((drain) => {
      if (t < drain.fromT - 1e8 || t > drain.doneT + 1 * S) return []
      const state =
        t <= drain.toT
          ? ('evicting_conns' as const)
          : t < drain.toT + given.waitTakeoverSeconds * S
            ? ('waiting_takeover' as const)
            : t < drain.doneT
              ? ('evicting_sessions' as const)
              : ('prohibiting' as const)
      return [
        {
          node: NODE(drain.pod),
          state,
          connectionEvictionRate: given.connEvictRate,
          sessionEvictionRate: given.sessEvictRate,
          recipients: recipients.map(NODE),
          initialConnected: 100,
          initialSessions: 100,
          currentConnected: 0,
          currentSessions: 0,
        },
      ]
    })
    events.push({ t, type: 'evacuation', via: 'green-0', tookNs: 2e6, evacuations })
  }
  return events
}
