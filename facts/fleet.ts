export type ProtocolVersion = '3.1.1' | '5'

export type Qos = 0 | 1 | 2

export interface FleetGroup {
  name: string
  protocol: ProtocolVersion
  /** clean_session=0 (3.1.1), or clean_start=0 with a session expiry above 0 (5). */
  persistent: boolean
  /** True when clients of this group hold a subscription. */
  subscribed: boolean
  /** What each client of this group publishes, if it does. */
  publishes?: { qos: Qos; everyMs: number }
  will?: GroupWill
}

/** A will, as far as its promise goes (MQTT 5 §3.1.2.5). */
export interface GroupWill {
  qos: Qos
  /** 0 for MQTT 3.1.1, which has no delay. */
  delaySeconds: number
  /** How long the session lasts without its client: a will waits no longer (§3.1.3.2.2). 0: it ends with the connection. */
  sessionSeconds: number
  retain: boolean
}

/** fleet.json: client k has MQTT client id ids[k] and belongs to groups[group[k]]. */
export interface FleetTable {
  ids: string[]
  group: number[]
  groups: FleetGroup[]
  /** Clients subscribed to the topic of client k's will. Absent where no client has a will. */
  willWatchers?: number[][]
}
