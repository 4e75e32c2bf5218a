import type { ListingEvent, PodEvent, RecordEvent } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, recordOf } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'

export const S = 1e9

export const GROUPS = [{ name: 'all', protocol: '5' as const, persistent: true, subscribed: false }]

export const pod = (name: string, t: number, changes: Partial<PodEvent> = {}): PodEvent => ({
  t,
  type: 'pod',
  name,
  uid: `${name}-uid`,
  set: name.replace(/-\d+$/, ''),
  node: `emqx@${name}`,
  phase: 'Running',
  ready: true,
  deleting: false,
  deleted: false,
  ...changes,
})

export const set = (name: string, t: number, replicas: number): RecordEvent => ({
  t,
  type: 'set',
  kind: 'StatefulSet',
  name,
  createdUnixMs: t / 1e6,
  specReplicas: replicas,
  replicas,
  readyReplicas: replicas,
  deleted: false,
})

export const listing = (name: string, askedT: number, t: number, connected: string[]): ListingEvent => ({
  t,
  type: 'listing',
  node: `emqx@${name}`,
  via: name,
  tookNs: t - askedT,
  complete: true,
  connected,
  detached: [],
})

export const mark = (name: Extract<RecordEvent, { type: 'mark' }>['name'], t: number): RecordEvent => ({
  t,
  type: 'mark',
  name,
})

export const viewed = (clients: ClientEventRow[], events: RecordEvent[], fleet = 3) =>
  viewOf(recordOf({ fleet: fleetOf(fleet, GROUPS), clients, events }))

export const two: RecordEvent[] = [pod('blue-0', 0, { ip: '10.0.0.1' }), pod('blue-1', 0, { ip: '10.0.0.2' })]
