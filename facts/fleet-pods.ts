/** A fleet in pods of the cluster: which clients each pod has, and how its clock compares. */

/** A pod of the fleet began, or was lost: from `sinceT` on nothing is known of its clients. */
export interface FleetPodEvent {
  t: number
  type: 'fleet-pod'
  pod: string
  phase: 'running' | 'lost'
  /** Client k is one of its when `k % of` is among these. */
  shards: readonly number[]
  of: number
  /** Up to when its events have come. Only when it was lost, as `how`. */
  sinceT?: number
  /** e.g. "fleet pod weir-fleet-1a2b3c4d-1 ended (OOMKilled, exit code 137)" */
  how?: string
}

/**
 * How much two clocks may part in a millisecond where nothing shows more: crystals differ by far less, and a pod's clock is slewed by no
 * more. Comparisons may show more, as of a machine that was suspended.
 */
export const CLOCK_DRIFT = 1e-3

/** One comparison of a pod's clock, which follows the coordinator's, with that. */
export interface FleetClockEvent {
  t: number
  type: 'fleet-clock'
  pod: string
  /** The quickest of so many round trips. */
  tookNs: number
  trips: number
  /** The pod's clock minus this machine's, as measured. */
  aheadMs: number
  /** How far that may be wrong at `t`, either way: half the quickest round trip, and what the clocks may have parted since. */
  errorMs: number
}

export const isOfPod = ({ shards, of }: Pick<FleetPodEvent, 'shards' | 'of'>, client: number): boolean =>
  shards.includes(client % of)
