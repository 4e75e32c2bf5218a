import { usageError } from '#weir/errors/index.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'
import { plannedInstantsMs } from '../arrivals/schedule.ts'
import type { EngineName, FleetSpec, GroupSpec, ReconnectSpec } from '../types.ts'
import { arrivalOf } from './arrival.ts'
import {
  aboveZero,
  exclusive,
  FOUR_BYTES,
  onlyMqtt5,
  present,
  protocolOf,
  requires,
  TWO_BYTES,
  wholeNumber,
} from './check-flags.ts'
import { churnOf } from './churn.ts'
import { credentialsOf } from './credentials.ts'
import type { BenchRequest, ConnectionFlags, ReconnectFlags } from './flags.ts'
import { publishOf } from './publish.ts'
import { sessionOf } from './session.ts'
import { subscriptionsOf } from './subscriptions.ts'
import { targetsOf } from './targets.ts'
import { transportOf } from './transport.ts'
import { willOf } from './will.ts'

const DEFAULT_COUNT = 1000
const DEFAULT_KEEP_ALIVE_SECONDS = 30
const DEFAULT_SEED = 1
/** What MQTTX waits for a connection, and for the CONNACK on it. */
const DEFAULT_CONNECT_TIMEOUT_SECONDS = 30
/** More would overrun the listen backlog of many a broker. */
const DEFAULT_IN_FLIGHT = 64
const MOST_CLIENTS = 10_000_000
const LONGEST_SECONDS = 1_000_000

/** The fleet that the flags ask for. Throws WEIR_USAGE for what makes no sense, alone or together. */
export function fleetSpec(request: BenchRequest): FleetSpec {
  const { flags } = request
  refuseUnhonoured(flags)
  const protocol = protocolOf(flags['mqtt-version'])
  onlyMqtt5(protocol, flags, ['follow-server-reference'])
  // Every line is JSON then, and comes once a second anyway.
  if (flags.verbose && flags.json) exclusive(flags, ['verbose', 'json'])
  const { count: clients = DEFAULT_COUNT, keepalive = DEFAULT_KEEP_ALIVE_SECONDS } = flags
  const { 'in-flight': connectsInFlight = DEFAULT_IN_FLIGHT, workers = 0, seed = DEFAULT_SEED } = flags
  const { 'connect-timeout': timeoutSeconds = DEFAULT_CONNECT_TIMEOUT_SECONDS } = flags
  wholeNumber('--count', clients, 1, MOST_CLIENTS)
  wholeNumber('--start-number', flags['start-number'], 0, FOUR_BYTES)
  wholeNumber('--keepalive', keepalive, 0, TWO_BYTES)
  wholeNumber('--in-flight', connectsInFlight, 1, MOST_CLIENTS)
  wholeNumber('--workers', workers, 0, 1024)
  wholeNumber('--processes', flags.processes, 0, 1024)
  aboveZero('--connect-timeout', timeoutSeconds, LONGEST_SECONDS, 'seconds')
  aboveZero('--duration', flags.duration, LONGEST_SECONDS, 'seconds')
  const spec: FleetSpec = {
    clients,
    seed,
    targets: targetsOf(flags),
    transport: transportOf(flags),
    ...credentialsOf(request, clients),
    arrival: arrivalOf(flags),
    groups: [groupOf(request, protocol, clients)],
    keepAliveSeconds: keepalive,
    reconnect: reconnectOf(flags),
    connectTimeoutMs: timeoutSeconds * 1000,
    connackTimeoutMs: timeoutSeconds * 1000,
    connectsInFlight,
    workers,
    clockZeroNs: process.hrtime.bigint(),
    ...present({
      processes: flags.processes,
      startNumber: flags['start-number'],
      engine: engineOf(flags.engine),
      followServerReference: flags['follow-server-reference'],
      ...trafficOf(request),
      sourceAddresses: flags.ifaddr?.flatMap((list) => list.split(',')),
    }),
  }
  const churn = churnOf(request, spec)
  if (churn) spec.churn = churn
  // MQTT 3.1.1 §3.1.2.9: without a user name there is no password.
  if (protocol === '3.1.1' && has(spec, 'password') && !has(spec, 'username'))
    throw usageError('MQTT 3.1.1 requires a user name with a password: add -u, or use -V 5')
  requireTimeToArrive(spec, flags.duration)
  return spec
}

function groupOf(request: BenchRequest, protocol: ProtocolVersion, clients: number): GroupSpec {
  const { command, flags } = request
  const connectProperties = command === 'conn' ? 'user-properties' : 'conn-user-properties'
  const will = willOf(flags, protocol)
  return {
    name: 'all',
    share: 1,
    protocol,
    ...sessionOf(flags, protocol, connectProperties),
    ...(will ? { will } : {}),
    ...(command === 'sub' ? { subscribe: subscriptionsOf(flags, protocol) } : {}),
    ...(command === 'pub' ? { publish: publishOf(flags, protocol, clients) } : {}),
  }
}

const ENGINES: Readonly<Record<string, EngineName>> = { lean: 'lean', mqttjs: 'mqttjs' }

function engineOf(name: string | undefined): EngineName | undefined {
  if (name === undefined || ENGINES[name]) return ENGINES[name ?? '']
  throw usageError(`--engine is ${name} but must be lean or mqttjs`)
}

/** What only fleets with messages say. */
function trafficOf({ command, flags }: BenchRequest): Pick<FleetSpec, 'trafficStart' | 'otherFleets'> {
  if (command === 'pub' && flags['wait-before-publishing']) return { trafficStart: 'when-all-tried' }
  // The messages come from another process: `bench pub --verify`.
  return command === 'sub' && flags.verify ? { otherFleets: true } : {}
}

function has({ credentials, ...same }: FleetSpec, name: 'username' | 'password'): boolean {
  return same[name] !== undefined || credentials?.[`${name}s`] !== undefined
}

/** A duration that ends before the last client starts would report clients as missing. */
function requireTimeToArrive(spec: FleetSpec, durationSeconds: number | undefined): void {
  if (durationSeconds === undefined) return
  const lastSeconds = plannedInstantsMs(spec.arrival, spec.clients, spec.seed).at(-1)! / 1000
  if (lastSeconds >= durationSeconds)
    throw usageError(
      `--duration is ${durationSeconds} s, but the last of ${spec.clients} clients starts after ${lastSeconds.toFixed(1)} s: use a longer duration or a higher rate (-i or --rate)`,
    )
}

/** Refuses MQTTX flags that weir cannot honor. Throws WEIR_USAGE. */
function refuseUnhonoured(flags: ConnectionFlags): void {
  if (flags['authentication-method'] !== undefined)
    throw usageError(
      '--authentication-method is not supported: weir does not implement enhanced authentication (MQTT 5 §4.12): use -u and -P, or client certificates with --cert and --key',
    )
}

const DEFAULT_PERIOD_MS = 1000
const DEFAULT_TRIES = 10

/** The reconnect policy: MQTTX's, or the named one. A period of 0 means never, as in MQTTX. Throws WEIR_USAGE. */
function reconnectOf(flags: ReconnectFlags): ReconnectSpec {
  exclusive(flags, ['reconnect', 'reconnect-period'])
  exclusive(flags, ['reconnect', 'maximum-reconnect-times'])
  if (flags.reconnect !== undefined) return { preset: flags.reconnect }
  const { 'reconnect-period': baseMs = DEFAULT_PERIOD_MS } = flags
  const { 'maximum-reconnect-times': tries = DEFAULT_TRIES } = flags
  wholeNumber('--reconnect-period', baseMs, 0, FOUR_BYTES)
  wholeNumber('--maximum-reconnect-times', tries, 0, FOUR_BYTES)
  if (baseMs === 0)
    requires(flags, ['maximum-reconnect-times'], 'a -rp above 0', '-rp 0 disables reconnecting')
  return { kind: 'fixed', baseMs, tries: baseMs === 0 ? 0 : tries }
}
