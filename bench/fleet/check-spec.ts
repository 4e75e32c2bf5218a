import { usageError } from '#weir/errors/index.ts'
import { checkTransport } from '../transport/check-transport.ts'
import type { FleetSpec } from '../types.ts'
import { positive, short, TWO_BYTES, whole } from './bounds.ts'
import { checkGroup } from './check-group.ts'

/** Refuses numbers, strings and transports that cannot be, before a worker meets them. Throws WEIR_USAGE. */
export function checkSpec(spec: FleetSpec): void {
  whole('clients', spec.clients, 1, 10_000_000)
  whole('connectsInFlight', spec.connectsInFlight, 1, Number.MAX_SAFE_INTEGER)
  whole('workers', spec.workers, 0, 1024)
  whole('processes', spec.processes ?? 0, 0, 1024)
  if (spec.targets.length === 0) throw usageError('fleet: targets is empty: name a broker')
  for (const { port } of spec.targets) whole('target.port', port, 1, TWO_BYTES)
  whole('keepAliveSeconds', spec.keepAliveSeconds, 0, TWO_BYTES)
  whole('seed', spec.seed, 0, Number.MAX_SAFE_INTEGER)
  positive('connectTimeoutMs', spec.connectTimeoutMs)
  positive('connackTimeoutMs', spec.connackTimeoutMs)
  // The index may make an id longer than its pattern: room for it twice over.
  short('clientId', spec.clientId, TWO_BYTES - 1000)
  short('username', spec.username)
  short('password', spec.password)
  checkTransport(spec.transport)
  for (const group of spec.groups) checkGroup(group, spec)
}
