import type { Readings } from '#weir/preflight/machine/readings.ts'

/** A machine without any trouble; a test changes what it is about. */
export function readings(changes: Partial<Readings> = {}): Readings {
  return {
    descriptors: { limit: 20_000, open: 30 },
    portRange: { low: 32_768, high: 60_999 },
    ownAddresses: [],
    targets: [],
    somaxconn: 4096,
    conntrack: { max: 262_144, count: 100 },
    cpus: 4,
    load: 0.5,
    availableBytes: 8 * 2 ** 30,
    clock: { watchedMs: 200, wallAheadMs: 0.1, source: 'tsc' },
    ...changes,
  }
}
