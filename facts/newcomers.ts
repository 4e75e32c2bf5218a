/**
 * Clients that connected once, through the Service, to see which nodes take new clients now: connected from `fromT` on, listed by every
 * node, and gone at `t`. They are in no fleet table.
 */
export interface NewcomersEvent {
  t: number
  type: 'newcomers'
  fromT: number
  clients: number
  /** Online at the same time, when the nodes were asked. */
  connected: number
  /** CONNACKs other than 0, without those for a quota. */
  refused: number
  /** CONNACKs that say that a quota is exceeded (0x97), such as that of a licence. */
  overQuota: number
  /** How many came a second, when not as fast as they could. */
  perSecond?: number
  /** Of `refused`: CONNACKs of MQTT 3.1.1 that say "server unavailable" (3), which is how it hears of an exceeded quota. */
  unavailable?: number
  /** Tries without a CONNACK. */
  failed: number
  /** How many of them each node lists, by EMQX node name. */
  nodes: { node: string; clients: number }[]
  /** Why the Service may not deal them out evenly, e.g. "sessionAffinity ClientIP". */
  uneven?: string
  /** False when a node did not tell. */
  complete: boolean
}
