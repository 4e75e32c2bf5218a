/** What an operation changes beside the pods of a cluster. */
export type SettingName = 'connections' | 'project'

/**
 * A setting of the cluster: `asked` when a change of it was written, `read` as the cluster itself then shows it. Numbers are written as text.
 */
export interface SettingEvent {
  t: number
  type: 'setting'
  name: SettingName
  phase: 'asked' | 'read'
  value: string
  /** The pod that answered, or the object that was written or read. */
  via: string
  tookNs: number
}

/** A request for a part of the licence that several clusters share, and what became of it. */
export interface ClaimEvent {
  t: number
  type: 'claim'
  /** Of one request among several at once. */
  by: string
  outcome: 'accepted' | 'refused' | 'withdrawn'
  connections: number
  /** What the licence allows all clusters together. */
  total: number
}
