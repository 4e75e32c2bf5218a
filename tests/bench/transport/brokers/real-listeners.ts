import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Target, TlsSpec, TransportProtocol, TransportSpec } from '#weir/bench/types.ts'
import type { ProtocolVersion } from '#weir/facts/index.ts'
import type { Broker, BrokerOptions, ListenerSpec } from '../../brokers/broker.ts'
import { Authority } from '../../brokers/certificates.ts'
import { type ShardChanges, startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'
import type { Listeners } from './carried.ts'

const LISTENERS: readonly ListenerSpec[] = [
  { protocol: 'mqtt' },
  { protocol: 'mqtts' },
  { protocol: 'ws' },
  { protocol: 'wss', clientCertificate: true },
]

/** A real broker: mqtts asks nobody for a certificate, wss asks everybody. */
export interface RealListeners extends Listeners {
  broker: Broker
  authority: Authority
  tls(protocol: TransportProtocol): TlsSpec
}

export async function openReal(
  start: (options: BrokerOptions) => Promise<Broker>,
  protocol: ProtocolVersion,
): Promise<RealListeners> {
  const authority = await Authority.create()
  const own = await authority.issue('client')
  const broker = await start({ listeners: LISTENERS, tls: await authority.issue('broker') })
  const tls = (carrier: TransportProtocol): TlsSpec => (carrier === 'wss' ? own : { ca: authority.ca })
  return {
    broker,
    authority,
    tls,
    target: (carrier) => broker.targets[LISTENERS.findIndex((listener) => listener.protocol === carrier)]!,
    transport: (carrier): TransportSpec =>
      carrier === 'mqtts' || carrier === 'wss'
        ? { protocol: carrier, tls: tls(carrier) }
        : { protocol: carrier },
    protocol,
    async stop() {
      await broker.stop()
    },
  }
}

/** How the first attempt of one client ends: "failed tls-refused 116", "connected 0". */
export async function firstEnd(
  { port }: Target,
  transport: TransportSpec,
  protocol: ProtocolVersion,
  changes: ShardChanges = {},
): Promise<string> {
  const shard = startShard(port, {
    transport,
    group: { name: 'all', share: 1, protocol, persistent: false },
    reconnect: { kind: 'fixed', baseMs: 60_000 },
    ...changes,
  })
  await until('the attempt is over', () => shard.counters().connected + shard.counters().failed > 0)
  const history = await shard.stop()
  return history.story(0)[2]!
}

/** What every real broker does to clients with the wrong certificate, or none, or at the wrong listener; and when it stalls or dies. */
export function misfortunes(test: Test, at: () => RealListeners): void {
  test('certificates: whose fault it is', async () => {
    const { protocol, target, tls, authority } = at()
    const stranger = await Authority.create('nobody knows this authority')
    const mqtts = (spec: TlsSpec) => firstEnd(target('mqtts'), { protocol: 'mqtts', tls: spec }, protocol)
    assert.is(await mqtts(tls('mqtts')), 'connected 0')
    assert.is(await mqtts({}), 'failed certificate-untrusted')
    assert.is(await mqtts({ ca: stranger.ca }), 'failed certificate-untrusted')
    assert.is(await mqtts({ ca: authority.ca, servername: 'elsewhere.example' }), 'failed certificate-name')
    assert.is(await mqtts({ insecure: true }), 'connected 0')
    const wss = (spec: TlsSpec) => firstEnd(target('wss'), { protocol: 'wss', tls: spec }, protocol)
    assert.is(await wss(tls('wss')), 'connected 0')
    const { cert, key } = await stranger.issue('client')
    // The alert may be lost where the server resets the connection behind it.
    assert.match(await wss({ ca: authority.ca }), /^failed (tls-refused|reset)/)
    assert.match(await wss({ ca: authority.ca, cert, key }), /^failed (tls-refused|reset)/)
  })

  test('the wrong listener: an end that says so, and no hang', async () => {
    const { protocol, target } = at()
    const end = (port: TransportProtocol, transport: TransportSpec) =>
      firstEnd(target(port), transport, protocol)
    assert.match(await end('mqtt', { protocol: 'ws' }), /^failed (ws-refused|closed|reset)/)
    assert.match(await end('mqtt', { protocol: 'mqtts' }), /^failed (tls-refused|closed|reset)/)
    assert.match(await end('ws', { protocol: 'mqtts' }), /^failed (tls-refused|closed|reset)/)
    assert.match(await end('mqtts', { protocol: 'mqtt' }), /^failed (protocol-error|closed|reset)/)
  })

  test('it stalls: connect-timeout, with TLS and WebSocket handshakes included', async () => {
    const { protocol, target, transport, broker } = at()
    broker.pause()
    try {
      for (const carrier of ['mqtts', 'ws', 'wss'] as const)
        assert.is(
          await firstEnd(target(carrier), transport(carrier), protocol, { connectTimeoutMs: 300 }),
          'failed connect-timeout',
        )
    } finally {
      broker.resume()
    }
  })

  for (const carrier of ['mqtts', 'ws', 'wss'] as const)
    test(`it dies and comes back: every client returns over ${carrier}`, async () => {
      const { protocol, target, transport, broker } = at()
      const clients = 20
      const shard = startShard(target(carrier).port, {
        clients,
        transport: transport(carrier),
        group: { name: 'all', share: 1, protocol, persistent: false },
        reconnect: { kind: 'fixed', baseMs: 100 },
      })
      await until('all are online', () => shard.counters().online === clients)
      await broker.kill()
      await until('all were lost', () => shard.counters().disconnected === clients)
      await broker.start()
      await until('all are online again', () => shard.counters().online === clients)
      const history = await shard.stop()
      assert.is(history.count('connected'), 2 * clients)
    })
}
