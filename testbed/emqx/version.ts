/** What differs between releases of EMQX Enterprise (docs/contract/emqx.md#releases), one property a difference. */
export interface VersionProfile {
  version: string
  /** The management API that it speaks. Nodes of different ones form no cluster. */
  api: 'v4' | 'v5'
  /** `emqx_live_connections_*` among the gauges: from 4.4.15. */
  liveGauge: boolean
  /** `live_connections` in the list of nodes: from 4.4.19. */
  liveInNodes: boolean
  /** availability_check answers without credentials: from 4.4.24. */
  publicAvailability: boolean
  /** Which sessions an evacuation counts and moves: 4.4.24 adds those of clean_start=true clients with an expiry; 5.x counts every channel. */
  evacuatedSessions: 'clean-start-false' | 'with-expiry' | 'all'
  /** An evacuation begins with waiting_health_check, in which clients are still admitted: 5.4. */
  waitsForHealthCheck: boolean
  /** A donor of a rebalance admits clients in wait_health_check: 4.4.24 and 5.4. */
  admitsWhileWaiting: boolean
  /** The order of evictions: hash order of a table scan, from 5.8.5 on the oldest process first. */
  evictionOrder: 'hash' | 'oldest-first'
  /** client.disconnected counts also the end of a connection that was taken over, discarded or kicked: 5.x. */
  countsEveryEnd: boolean
  /** `retry_interval`: what a connected client does not acknowledge comes again. Infinity in 5.x: only on a new connection. */
  retryMs: number
  /**
   * A will is published when its session is discarded or kicked, and, without a delay, when it is taken over from a client that is
   * still connected: 5.x. 4.4 drops it with the connection's process.
   */
  willOutlivesTakeover: boolean
  /** What a licence limits in the whole cluster: connections in 4.4, from 5.8.5 on sessions, detached ones as well. */
  licenceCounts: 'connections' | 'sessions'
  /** `cluster.autoclean`: a stopped node leaves the list of members after this long. */
  autocleanMs: number
}

const PATTERN = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$/

/** True for something that looks like a release, e.g. "4.4.14". */
export function isVersion(text: string): boolean {
  return PATTERN.test(text)
}

/**
 * The profile of a 4.4 release, or of one from 5.8.5 on; undefined for any other, which this emulation does not speak. Of 5.9, 5.10 and 6 no
 * node was recorded: they are emulated as 5.8.
 */
export function profileOf(version: string): VersionProfile | undefined {
  const match = PATTERN.exec(version)
  if (match === null) return undefined
  const patch = Number(match[3])
  if (match[1] === '4' && match[2] === '4') return profile44(patch)
  const [major, minor] = [Number(match[1]), Number(match[2])]
  const isKnown = major === 6 || (major === 5 && (minor > 8 || (minor === 8 && patch >= 5)))
  return isKnown ? profile5(`${major}.${minor}.${patch}`) : undefined
}

function profile44(patch: number): VersionProfile {
  return {
    version: `4.4.${patch}`,
    api: 'v4',
    liveGauge: patch >= 15,
    liveInNodes: patch >= 19,
    publicAvailability: patch >= 24,
    evacuatedSessions: patch >= 24 ? 'with-expiry' : 'clean-start-false',
    waitsForHealthCheck: false,
    admitsWhileWaiting: patch >= 24,
    evictionOrder: 'hash',
    countsEveryEnd: false,
    retryMs: 30_000,
    willOutlivesTakeover: false,
    licenceCounts: 'connections',
    autocleanMs: 300_000,
  }
}

function profile5(version: string): VersionProfile {
  return {
    version,
    api: 'v5',
    liveGauge: true,
    liveInNodes: true,
    publicAvailability: true,
    evacuatedSessions: 'all',
    waitsForHealthCheck: true,
    admitsWhileWaiting: true,
    evictionOrder: 'oldest-first',
    countsEveryEnd: true,
    retryMs: Number.POSITIVE_INFINITY,
    willOutlivesTakeover: true,
    licenceCounts: 'sessions',
    autocleanMs: 86_400_000,
  }
}
