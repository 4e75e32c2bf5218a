/**
 * What can happen to a client. `scheduled` is the planned instant (open loop); `attempt` opens a TCP connection;
 * an attempt ends in `connected` (CONNACK 0), `refused` (CONNACK with another code) or `failed` (no CONNACK at all);
 * a connection ends in `disconnected` (not by the client's wish) or `left` (the client's own, planned DISCONNECT);
 * `gave-up` means the reconnect policy stopped: that client is lost; `away` means a client that by plan stays away
 * after its disconnect, so it is neither lost nor kept.
 */
export const CLIENT_EVENT_KINDS = [
  'scheduled',
  'attempt',
  'connected',
  'refused',
  'failed',
  'disconnected',
  'left',
  'gave-up',
  'away',
] as const

export type ClientEventKind = (typeof CLIENT_EVENT_KINDS)[number]

/**
 * Client events in columns; row i is one event.
 * Reasons are words: `''`, `disconnect-packet` (server sent DISCONNECT; `code` says which), `closed` (FIN without a
 * packet), `reset`, `connack` (refused by CONNACK; `code`), `connection-refused`, `connect-timeout`,
 * `connack-timeout`, `keepalive-timeout`, `protocol-error` (`code` says what the server broke, MQTT 5 §4.13), `too-many-files`, `address-unavailable`, `unreachable`,
 * `stopped`, `policy-exhausted`; of TLS and WebSocket `certificate-untrusted` (the server's is of no authority that the
 * client trusts), `certificate-expired` (or not valid yet), `certificate-name` (it is another server's), `tls-refused` (no
 * TLS handshake; `code` is the server's alert, RFC 8446 §6, where it sent one), `ws-refused` (no WebSocket; `code` is the
 * HTTP status, where there was one).
 */
export interface ClientEvents {
  length: number
  /** Nanoseconds since the record's zero. Sorted ascending once read. */
  t: Float64Array
  /** Index of the client in the fleet table. */
  client: Uint32Array
  /** Index into CLIENT_EVENT_KINDS. */
  kind: Uint8Array
  /** Index into `reasons`. */
  reason: Uint16Array
  reasons: readonly string[]
  /** MQTT reason or return code, TLS alert or HTTP status; -1 where there is none. */
  code: Int16Array
  /** 1, 0, or -1 where there is none. Only `connected` rows have it. */
  sessionPresent: Int8Array
  /** Index into `targets`; targets are "host:port". */
  target: Uint16Array
  targets: readonly string[]
}

export interface FleetGroup {
  name: string
  protocol: '3.1.1' | '5'
  /** clean_session=0 (3.1.1), or clean_start=0 with a session expiry above 0 (5). */
  persistent: boolean
  /** True when clients of this group hold a subscription. */
  subscribed: boolean
  /** What each client of this group publishes, if it does. */
  publishes?: { qos: 0 | 1 | 2; everyMs: number }
  will?: GroupWill
}

/** A will, as far as its promise goes (MQTT 5 §3.1.2.5). */
export interface GroupWill {
  qos: 0 | 1 | 2
  /** 0 for MQTT 3.1.1, which has no delay. */
  delaySeconds: number
  /** How long the session lasts without its client: a will waits no longer (§3.1.3.2.2). 0: it ends with the connection. */
  sessionSeconds: number
  retain: boolean
}

/** fleet.json: who the clients are. Client k has MQTT client id ids[k] and belongs to groups[group[k]]. */
export interface FleetTable {
  ids: string[]
  group: number[]
  groups: FleetGroup[]
  /** Who of the fleet is subscribed to the topic of client k's will. Absent where nobody has one. */
  willWatchers?: number[][]
}
