/** Trouble with a broker that a real one makes seldom: forced on both engines by one that does as it is told. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visit } from '../../support/fake-broker.ts'
import { until } from '../../support/until.ts'
import { group } from '../behaviours/groups.ts'
import { both, brokenProtocol, once } from './scene.ts'

for (const [protocol, codes] of [
  ['3.1.1', [1, 2, 3, 4, 5]],
  ['5', [0x80, 0x81, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x97, 0x9c, 0x9d, 0x9f]],
] as const)
  both(
    `MQTT ${protocol}: every refusal is told with its code, and tried again`,
    () => {
      let visits = 0
      return {
        onConnect: (visit) => {
          const code = codes[visits++]
          if (code === undefined) visit.accept()
          else visit.refuse(code)
        },
      }
    },
    async ({ start }) => {
      const shard = start({ group: group(protocol) })
      await until('it is online', () => shard.counters().online === 1)
      const history = await shard.stop()
      assert.equal(
        history.rows.filter(({ kind }) => kind === 'refused').map(({ code }) => code),
        [...codes],
      )
    },
  )

both(
  'pings keep a connection that is silent',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start({ keepAliveSeconds: 1 })
    await until('it pinged three times', () => broker.packets('pingreq').length >= 3)
    const history = await shard.stop()
    assert.equal(history.story(0), ['scheduled', 'attempt', 'connected 0', 'left stopped'])
  },
)

both(
  'a ping without an answer ends the connection',
  () => ({ onPacket: () => undefined }),
  async ({ start }) => {
    const shard = start({ keepAliveSeconds: 1 })
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], 'disconnected keepalive-timeout')
  },
)

both(
  'the keep-alive that an MQTT 5 server names is kept',
  () => ({ onConnect: (visit) => visit.accept(false, { serverKeepAlive: 1 }) }),
  async ({ broker, start }) => {
    start({ keepAliveSeconds: 60_000 })
    await until('it pinged', () => broker.packets('pingreq').length >= 1)
  },
)

both(
  'DISCONNECT from an MQTT 5 server is told with its code',
  () => ({}),
  async ({ broker, start }) => {
    const shard = start()
    await until('it is online', () => shard.counters().online === 1)
    broker.visits[0]!.send({ cmd: 'disconnect', reasonCode: 0x8b })
    broker.visits[0]!.socket.end()
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], `disconnected disconnect-packet ${0x8b}`)
  },
)

for (const [what, bytes] of [
  ['no MQTT at all', `HTTP/1.1 400 Bad Request\r\n\r\n${'x'.repeat(200)}`],
  ['a length that cannot be', '\x20\xff\xff\xff\xff\x7f'],
  ['a property that does not exist', '\x20\x05\x00\x00\x02\x7e\x00'],
] as const)
  both(
    `garbage instead of a CONNACK (${what}) is a protocol error, and tried again`,
    () => once((visit) => visit.socket.write(Buffer.from(bytes, 'latin1'))),
    async ({ engine, start }) => {
      const shard = start()
      await until('it is online', () => shard.counters().online === 1)
      assert.is(
        (await shard.stop()).story(0)[2],
        brokenProtocol(engine, bytes[0] === '\x20' ? 0x81 : 0x82, 'failed'),
      )
    },
  )

both(
  'garbage on a standing connection is a protocol error, and the client comes back',
  () => ({}),
  async ({ engine, broker, start }) => {
    const shard = start()
    await until('it is online', () => shard.counters().online === 1)
    broker.visits[0]!.socket.write(Buffer.from([0x36, 2, 0, 0]))
    await until('the client is back', () => shard.counters().connected === 2)
    assert.is((await shard.stop()).story(0)[3], brokenProtocol(engine, 0x81))
  },
)

for (const [what, end] of [
  ['closes', (visit: Visit) => visit.socket.end(Buffer.from([0x20, 3, 0]))],
  ['resets', (visit: Visit) => visit.socket.resetAndDestroy()],
] as const)
  both(
    `a broker that ${what} half-way through its CONNACK`,
    () => once(end),
    async ({ start }) => {
      const shard = start()
      await until('it is online', () => shard.counters().online === 1)
      assert.is((await shard.stop()).story(0)[2], what === 'closes' ? 'failed closed' : 'failed reset')
    },
  )

both(
  'a broker that never answers',
  () => once(() => undefined),
  async ({ start }) => {
    const shard = start({ connackTimeoutMs: 200 })
    await until('it is online', () => shard.counters().online === 1)
    assert.is((await shard.stop()).story(0)[2], 'failed connack-timeout')
  },
)

for (const reconnect of [{ kind: 'fixed', baseMs: 50 }, { preset: 'mqttjs' }] as const)
  both(
    `the broker goes away and comes back: every client returns (${'preset' in reconnect ? 'mqttjs' : 'fixed'})`,
    () => ({}),
    async ({ broker, start }) => {
      const clients = 50
      const shard = start({ clients, reconnect })
      await until('all are online', () => shard.counters().online === clients)
      await broker.close()
      await until('all found nobody', () => shard.counters().failed >= clients)
      await broker.open()
      await until('all are back', () => shard.counters().online === clients)
      const history = await shard.stop()
      assert.is(history.count('disconnected'), clients)
      assert.is(history.count('gave-up'), 0)
      assert.is(history.count('failed', 'connection-refused'), history.count('failed'))
    },
  )

test.run()
