import { type Blocker, blockerText } from '#weir/facts/index.ts'

/** The events of the timeline, and the moments of charts, in English. Names of marks, actions and steps are those of the record. */
export const english = {
  moments: {
    fleetReady: 'fleet connected',
    trigger: 'trigger',
    changeDone: 'change done',
    fleetStopping: 'fleet stops',
    podLost: 'fleet pod lost',
  },
  podDeleted: (pod: string) => `${pod} deleted`,
  scrapeFailed: (pod: string) => `scrape of ${pod} failed`,
  because: (v: { what: string; why: string }) => `${v.what}: ${v.why}`,
  status: (status: number | undefined) => `status ${status}`,
  apiFailed: (api: string) => `${api} failed`,
  apiVia: (v: { api: string; via: string }) => `${v.api} via ${v.via} failed`,
  probe: 'probe failed',
  probeFailed: 'the probe failed',
  noReason: 'no reason given',
  action: (v: { action: string; phase: string; detail: string | undefined }) =>
    `action ${v.action}: ${v.phase}${v.detail ? ` (${v.detail})` : ''}`,
  watchLost: (kind: string) => `the watch of ${kind} was lost`,
  lost: (pod: string) => `${pod} was lost`,
  step: (v: { number: number; name: string; phase: string; missing: string | undefined }) =>
    `step ${v.number}, ${v.name}: ${v.phase}${v.missing ? ` (still missing: ${v.missing})` : ''}`,
  newcomers: (v: { connected: number; clients: number; taken: string }) =>
    `${v.connected} of ${v.clients} more clients connected: ${v.taken}`,
  noLongerRefused: (v: { kind: string; name: string }) => `${v.kind} ${v.name}: no longer refused`,
  blocked: (blocker: Blocker) => blockerText(blocker),
  setDeleted: (v: { kind: string; name: string }) => `${v.kind} ${v.name} deleted`,
  set: (v: { kind: string; name: string; specReplicas: number; replicas: number; readyReplicas: number }) =>
    `${v.kind} ${v.name}: ${v.specReplicas} wanted, ${v.replicas} exist, ${v.readyReplicas} ready`,
  pod: (v: { name: string; words: string }) => `pod ${v.name}: ${v.words}`,
  gone: 'gone',
  ready: 'ready',
  notReady: 'not ready',
  deleting: 'being deleted',
  service: (v: { service: string; pods: string }) => `Service ${v.service} sends clients to ${v.pods}`,
  noPod: 'no pod',
  resource: (words: string) => `custom resource: ${words}`,
  deleted: 'deleted',
  noCondition: 'no condition',
  settled: 'settled',
  notSettled: 'not settled',
  updating: 'updating',
}
