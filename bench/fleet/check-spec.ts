import { WeirError } from '#weir/errors/index.ts'
import { checkTransport } from '../transport/check-transport.ts'
import type { FleetSpec } from '../types.ts'

/** Largest value of MQTT's two-byte integers, which also bound its strings. */
const TWO_BYTES = 0xffff

/** Refuses numbers, strings and transports that cannot be, before a worker meets them. Throws WEIR_USAGE. */
export function checkSpec(spec: FleetSpec): void {
  whole('clients', spec.clients, 1, 10_000_000)
  whole('connectsInFlight', spec.connectsInFlight, 1, Number.MAX_SAFE_INTEGER)
  whole('workers', spec.workers, 0, 1024)
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
  for (const group of spec.groups) {
    whole(`sessionExpirySeconds of "${group.name}"`, group.sessionExpirySeconds ?? 0, 0, 0xffff_ffff)
    for (const { topic } of group.subscribe ?? [])
      short(`subscribe.topic of "${group.name}"`, topic, TWO_BYTES / 2)
  }
}

function whole(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    throw new WeirError(
      'WEIR_USAGE',
      `fleet: ${name} is ${value}, and must be a whole number from ${low} to ${high}`,
    )
}

function positive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw new WeirError('WEIR_USAGE', `fleet: ${name} is ${value}, and must be a number above 0`)
}

function short(name: string, text: string | undefined, mostBytes = TWO_BYTES): void {
  if (text !== undefined && Buffer.byteLength(text) > mostBytes)
    throw new WeirError(
      'WEIR_USAGE',
      `fleet: ${name} has ${Buffer.byteLength(text)} bytes, and MQTT allows ${mostBytes}`,
    )
}
