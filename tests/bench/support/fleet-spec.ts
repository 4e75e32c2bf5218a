import type { FleetSpec } from '#weir/bench/types.ts'

/** A small fleet that comes at once and comes back fast; a test changes what it is about. */
export function fleetSpec(changes: Partial<FleetSpec> = {}): FleetSpec {
  return {
    clients: 10,
    seed: 1,
    targets: [{ host: '127.0.0.1', port: 1 }],
    clientId: 'c%i',
    arrival: { kind: 'spike' },
    groups: [{ name: 'all', share: 1, protocol: '5', persistent: false }],
    keepAliveSeconds: 60,
    reconnect: { kind: 'fixed', baseMs: 20 },
    connectTimeoutMs: 30_000,
    connackTimeoutMs: 30_000,
    connectsInFlight: 64,
    workers: 1,
    clockZeroNs: process.hrtime.bigint(),
    ...changes,
  }
}
