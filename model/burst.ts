/** How the clients whose connections end together, at one tick of an evacuation or with one pod, spread over time when they come back. */
export interface Burst {
  /** The connections end so long after the tick. */
  startSeconds: number
  /** The last client waits so much longer for its CONNACK than the first: clients and nodes work through them one by one. */
  lengthSeconds: number
}

/**
 * As clients of the embedded cluster saw it, on two processors: bursts of 40 took 3 to 14 ms and bursts of 100 took 8 to 31 ms, and they came up to
 * 10 ms late. That two bursts are hardly ever equally long is why a second can hold more than one of them. `random` gives numbers from 0 to 1.
 */
export function burstOf(connections: number, random: () => number): Burst {
  const usualSeconds = 0.0035 + 0.000125 * Math.min(connections, MOST_MEASURED)
  return { startSeconds: LATE_SECONDS * random(), lengthSeconds: usualSeconds * (0.4 + 1.2 * random()) }
}

const LATE_SECONDS = 0.008
/** Of larger bursts nothing is known: they are taken to come back as fast, which is the worse case. */
const MOST_MEASURED = 600
