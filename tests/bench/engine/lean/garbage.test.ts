/** Servers that talk nonsense: a protocol error each time, no crash, no hang, and every client comes back. */
import fc from 'fast-check'
import { generate } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { anyServerPacket } from '../../support/arbitrary-packets.ts'
import { FakeBroker, type Visit } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

const CLIENTS = 300
/** So that a failure can be looked into. */
const SEED = 7

/** Random bytes, and valid packets with a byte changed, cut short or with a length that lies. */
const nonsense = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc
    .record({ server: anyServerPacket, at: fc.nat(), byte: fc.nat({ max: 255 }) })
    .map(({ server, at, byte }) => {
      const bytes = Buffer.from(generate(server.packet, { protocolVersion: server.version }))
      bytes[at % bytes.length] = byte
      return bytes
    }),
  fc.record({ server: anyServerPacket, at: fc.nat() }).map(({ server, at }) => {
    const bytes = generate(server.packet, { protocolVersion: server.version })
    return Buffer.from(bytes.subarray(0, 1 + (at % bytes.length)))
  }),
)

/** Ends with the server's FIN, so that what looks like the beginning of a packet does not wait for ever. */
function talkNonsense(visit: Visit, bytes: Buffer): void {
  visit.socket.write(bytes)
  visit.socket.end()
}

for (const protocol of ['3.1.1', '5'] as const)
  test(`MQTT ${protocol}: nonsense instead of a CONNACK, and behind one`, async () => {
    const samples = fc.sample(nonsense, { numRuns: 2 * CLIENTS, seed: SEED })
    let next = 0
    const sane = new Set<string>()
    const broker = await FakeBroker.listen({
      onConnect(visit) {
        const { clientId } = visit.connect
        const visits = broker.visitsOf(clientId).length
        if (visits === 1) talkNonsense(visit, samples[next++]!)
        else {
          visit.accept()
          if (visits === 2) talkNonsense(visit, samples[next++]!)
          else sane.add(clientId)
        }
      },
    })
    const shard = startShard(broker.port, {
      clients: CLIENTS,
      reconnect: { kind: 'fixed', baseMs: 5 },
      group: { name: 'g', share: 1, protocol, persistent: false },
    })
    await until('every client is back, with a server that makes sense', () => sane.size === CLIENTS)
    await until('and online', () => shard.counters().online === CLIENTS)
    const history = await shard.stop()
    await broker.close()
    assert.is(next, 2 * CLIENTS)
    assert.ok(history.count('failed', 'protocol-error') > CLIENTS / 4, 'much of it was seen for what it is')
    assert.ok(history.count('disconnected', 'protocol-error') > CLIENTS / 4, 'also behind a CONNACK')
  })

test.run()
