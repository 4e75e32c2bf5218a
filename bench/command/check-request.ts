import { checkSpec } from '../fleet/check-spec.ts'
import { resolvePolicy } from '../policies/resolve.ts'
import { checkTraffic } from '../traffic/check-traffic.ts'
import type { BenchRequest } from './flags.ts'
import { fleetSpec } from './fleet-spec.ts'

/** Refuses what `runBench` would refuse of the flags themselves, and opens no connection. Throws WEIR_USAGE. */
export function checkRequest(request: BenchRequest): void {
  const spec = fleetSpec(request)
  checkSpec(spec)
  checkTraffic(spec)
  resolvePolicy(spec.reconnect)
}
