/** What only the embedded cluster can have happen to it, by name, and in words. */
export const DISTURBANCES = {
  'api-server-restart': 'the API server ends every connection and accepts none',
  'emqx-api-outage': "EMQX's HTTP API answers every request under /api with 503, on every node",
  'network-cut': 'no byte passes between a node and its clients',
  'clock-step': 'the wall clock of a node is an hour ahead',
} as const

export type DisturbanceName = keyof typeof DISTURBANCES
export const DISTURBANCE_NAMES = Object.keys(DISTURBANCES) as DisturbanceName[]

export interface Disturbance {
  what: DisturbanceName
  seconds: number
  /** Address of the pod of the node that it is about; of no node where it is about all. */
  podIp?: string | undefined
}
