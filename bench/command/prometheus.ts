import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { usageError, WeirError } from '#weir/errors/index.ts'
import type { FleetCounters } from '../types.ts'
import { TWO_BYTES, wholeNumber } from './check-flags.ts'
import type { Snapshot } from './progress.ts'
import type { Tally } from './tally.ts'

const DEFAULT_HOST = '127.0.0.1'
/** The port that exporters of OpenTelemetry use. */
const DEFAULT_PORT = 9464

/** What only grows, and what goes up and down, with the help text of each. */
const COUNTERS = {
  scheduled: 'Clients whose planned arrival has come.',
  attempts: 'Connection attempts.',
  connected: 'Attempts that a CONNACK accepted.',
  refused: 'Attempts that a CONNACK refused.',
  failed: 'Attempts that ended without a CONNACK.',
  slowHandshakes: 'TCP handshakes of a second or more: the SYN was sent twice.',
  disconnected: 'Connections that were lost.',
  gaveUp: 'Clients whose reconnect policy gave up.',
  subscribesRefused: 'SUBACKs that refused a subscription.',
  published: 'PUBLISH packets sent, resent ones not counted.',
  acknowledged: 'PUBLISH packets of QoS 1 and 2 that were acknowledged.',
  received: 'PUBLISH packets received, copies included.',
} as const satisfies Partial<Record<keyof FleetCounters, string>>
const GAUGES = {
  online: 'Clients connected now.',
  inFlight: 'Connection attempts in progress.',
  cannotPublish: 'Online clients whose messages exceed the limits of the broker.',
  subscribed: 'Clients with all subscriptions granted.',
} as const satisfies Partial<Record<keyof FleetCounters, string>>

export interface MetricsServer {
  url: string
  close(): Promise<void>
}

/**
 * Serves /metrics. `place` is "[host:]port", "" for the default. `read` is undefined before the fleet has started. Throws
 * WEIR_USAGE and WEIR_ADDRESS_IN_USE.
 */
export async function serveMetrics(
  place: string,
  read: () => (Snapshot & { tally: Tally }) | undefined,
): Promise<MetricsServer> {
  const { host, port } = placeOf(place)
  const { text, contentType } = await metricsOf(read)
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('see /metrics\n')
      return
    }
    text().then(
      (body) => response.writeHead(200, { 'content-type': contentType }).end(body),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', (cause) => reject(notServed(host, port, cause)))
    server.listen({ host, port }, resolve)
  })
  const { address, family, port: bound } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}/metrics`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function placeOf(text: string): { host: string; port: number } {
  if (text === '') return { host: DEFAULT_HOST, port: DEFAULT_PORT }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]:|([^:[\]]+):)?(\d+)$/.exec(text) ?? []
  if (digits === undefined) throw usageError(`--prometheus is "${text}" but must be PORT or HOST:PORT`)
  wholeNumber('the port of --prometheus', Number(digits), 0, TWO_BYTES)
  return { host: bracketed ?? plain ?? DEFAULT_HOST, port: Number(digits) }
}

function notServed(host: string, port: number, cause: Error): WeirError {
  const { code = cause.message } = cause as NodeJS.ErrnoException
  return new WeirError(
    'WEIR_ADDRESS_IN_USE',
    `--prometheus cannot listen at ${host}:${port} (${code}): use another address with --prometheus HOST:PORT`,
    { cause },
  )
}

/** Loads the metrics library on demand. */
async function metricsOf(read: () => (Snapshot & { tally: Tally }) | undefined) {
  const { Counter, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  const registers = [registry]
  for (const [name, help] of Object.entries(COUNTERS) as [keyof typeof COUNTERS, string][])
    new Counter({
      ...{ name: `weir_bench_${snake(name)}_total`, help, registers },
      collect() {
        this.reset()
        this.inc(read()?.counters[name] ?? 0)
      },
    })
  for (const [name, help] of Object.entries(GAUGES) as [keyof typeof GAUGES, string][])
    new Gauge({
      ...{ name: `weir_bench_${snake(name)}`, help, registers },
      collect() {
        this.set(read()?.counters[name] ?? 0)
      },
    })
  new Gauge({
    ...{ name: 'weir_bench_clients', help: 'Requested clients.', registers },
    collect() {
      this.set(read()?.clients ?? 0)
    },
  })
  new Gauge({
    name: 'weir_bench_connack_seconds',
    help: 'From the start of an attempt to its CONNACK, over the whole run.',
    labelNames: ['quantile'],
    registers,
    collect() {
      const latency = read()?.tally.fromAttempt
      if (!latency || latency.count === 0) return
      this.set({ quantile: '0.5' }, latency.p50Ms / 1000)
      this.set({ quantile: '0.9' }, latency.p90Ms / 1000)
      this.set({ quantile: '0.99' }, latency.p99Ms / 1000)
      this.set({ quantile: '0.999' }, latency.p999Ms / 1000)
    },
  })
  return { text: () => registry.metrics(), contentType: registry.contentType }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
