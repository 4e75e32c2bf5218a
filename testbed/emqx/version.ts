/** What differs between releases of EMQX Enterprise 4.4 (contract: version matrix). */
export interface VersionProfile {
  version: string
  /** `emqx_live_connections_*` among the gauges: from 4.4.15. */
  liveGauge: boolean
  /** `live_connections` in /api/v4/nodes: from 4.4.19. */
  liveInNodes: boolean
  /** availability_check answers without credentials: from 4.4.24. */
  publicAvailability: boolean
  /** Sessions of clean_start=true clients with an expiry are counted and moved as well: from 4.4.24. */
  movesCleanStartSessions: boolean
}

const PATTERN = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$/

/** True for something that looks like a release, e.g. "4.4.14". */
export function isVersion(text: string): boolean {
  return PATTERN.test(text)
}

/** The profile of a 4.4 release; undefined for any other line, which this emulation does not speak. */
export function profileOf(version: string): VersionProfile | undefined {
  const match = PATTERN.exec(version)
  if (match === null || match[1] !== '4' || match[2] !== '4') return undefined
  const patch = Number(match[3])
  return {
    version: `4.4.${patch}`,
    liveGauge: patch >= 15,
    liveInNodes: patch >= 19,
    publicAvailability: patch >= 24,
    movesCleanStartSessions: patch >= 24,
  }
}
