import { randomBytes } from 'node:crypto'
import { WeirError } from '#weir/errors/index.ts'
import type { ArrivalSpec, FleetSpec, GroupSpec, ProtocolVersion, ReconnectSpec } from '../types.ts'

/** `weir bench conn` after its flags were parsed; the names and defaults are MQTTX CLI's. */
export interface ConnOptions {
  host: string
  port: number
  count: number
  arrival: ArrivalSpec
  protocol: ProtocolVersion
  /** `%i` becomes the client's index. Default: a random prefix. */
  clientId?: string
  clean: boolean
  /** MQTT 5 only; 0, the default, ends a session with its connection. */
  sessionExpirySeconds: number
  keepAliveSeconds: number
  username?: string
  password?: string
  reconnect: ReconnectSpec
  /** Seconds from the start; without it the fleet stays until it is told to leave. */
  durationSeconds?: number
  workers: number
  seed: number
}

/** What MQTTX waits for a connection, and for the CONNACK on it. */
const CONNECT_TIMEOUT_MS = 30_000
const CONNECTS_IN_FLIGHT = 64

/** The fleet that the flags ask for. Throws WEIR_USAGE for flags that MQTT does not allow together. */
export function fleetSpec(options: ConnOptions): FleetSpec {
  const { host, port, username, password, protocol } = options
  requireWithin('--port', port, 1, 65_535)
  requireWithin('--keepalive', options.keepAliveSeconds, 0, 65_535)
  requireWithin('--session-expiry-interval', options.sessionExpirySeconds, 0, 0xffff_ffff)
  requireWithin('--workers', options.workers, 0, 1024)
  requireWithin('--count', options.count, 1, 10_000_000)
  if (
    options.durationSeconds !== undefined &&
    !(options.durationSeconds > 0 && options.durationSeconds <= 1e6)
  )
    throw new WeirError(
      'WEIR_USAGE',
      `--duration is ${options.durationSeconds}, and must be seconds from above 0 to 1000000`,
    )
  // MQTT 3.1.1 §3.1.2.9: without a user name there is no password.
  if (protocol === '3.1.1' && password !== undefined && username === undefined)
    throw new WeirError('WEIR_USAGE', 'MQTT 3.1.1 has no password without a user name: add -u, or use -V 5')
  if (protocol === '3.1.1' && options.sessionExpirySeconds > 0)
    throw new WeirError('WEIR_USAGE', 'MQTT 3.1.1 has no session expiry interval: leave it out, or use -V 5')
  return {
    clients: options.count,
    seed: options.seed,
    targets: [{ host, port }],
    clientId: options.clientId ?? `weir_${randomBytes(4).toString('hex')}_%i`,
    arrival: options.arrival,
    groups: [group(options)],
    keepAliveSeconds: options.keepAliveSeconds,
    reconnect: options.reconnect,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    connackTimeoutMs: CONNECT_TIMEOUT_MS,
    connectsInFlight: CONNECTS_IN_FLIGHT,
    workers: options.workers,
    clockZeroNs: process.hrtime.bigint(),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  }
}

function group({ protocol, clean, sessionExpirySeconds }: ConnOptions): GroupSpec {
  return { name: 'all', share: 1, protocol, persistent: !clean, sessionExpirySeconds }
}

function requireWithin(flag: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    throw new WeirError(
      'WEIR_USAGE',
      `${flag} is ${value}, and must be a whole number from ${low} to ${high}`,
    )
}
