import * as assert from 'uvu/assert'
import type { ProtocolVersion, Qos } from '#weir/facts/index.ts'
import { until } from '../../support/until.ts'
import type { Behaviour, Exception } from '../behaviour.ts'
import type { Cell } from '../stage.ts'
import { group } from './groups.ts'

const COUNT = 20

/** The witness publishes, the clients of the engine receive. */
async function receive(cell: Cell, protocol: ProtocolVersion, qos: Qos): Promise<void> {
  const topic = cell.topic(`down/${qos}`)
  const shard = cell.start({ clients: 3, group: group(protocol, { subscribe: [{ topic, qos }] }) })
  await until('all are subscribed', () => shard.counters().subscribed === 3)
  const witness = await cell.witness(protocol)
  for (let i = 0; i < COUNT; i++) await witness.publishAsync(topic, `message ${i}`, { qos })
  await until('all came', () => shard.counters().received >= 3 * COUNT)
  await shard.stop()
  assert.is(shard.counters().received, 3 * COUNT)
  assert.is(shard.counters().disconnected, 0)
}

/** What a witness hears of a topic. */
async function listener(cell: Cell, protocol: ProtocolVersion, topic: string, qos: Qos): Promise<string[]> {
  const witness = await cell.witness(protocol)
  const got: string[] = []
  witness.on('message', (_, payload) => got.push(payload.toString()))
  await witness.subscribeAsync(topic, { qos })
  return got
}

/** The clients of the engine publish, the witness receives. */
async function publish(cell: Cell, protocol: ProtocolVersion, qos: Qos): Promise<void> {
  const topic = cell.topic(`up/${qos}`)
  const got = await listener(cell, protocol, topic, qos)
  const lines = Array.from({ length: COUNT }, (_, i) => `line ${i}`)
  const shard = cell.start({
    clients: 2,
    group: group(protocol, {
      publish: { topic, qos, everyMs: 2, limit: 2 * COUNT, payload: { kind: 'lines', lines } },
    }),
  })
  await until('all were published', () => shard.counters().published === 2 * COUNT)
  await until('the witness has them', () => got.length >= 2 * COUNT)
  if (qos > 0) await until('all are acknowledged', () => shard.counters().acknowledged === 2 * COUNT)
  await shard.stop()
  assert.equal(got.toSorted(), [...lines, ...lines].toSorted())
  assert.is(shard.counters().published, 2 * COUNT)
  assert.is(shard.counters().acknowledged, qos > 0 ? 2 * COUNT : 0)
}

/** MQTT 3.1.1 §4.3.3: the answer to a PUBLISH of QoS 2 is PUBREC. */
const DOWNGRADES: Exception = {
  broker: 'rabbitmq',
  because: 'RabbitMQ 3.10 takes QoS 2 for 1 and answers with PUBACK: a breach of the protocol',
  instead: async (cell, protocol) => {
    const topic = cell.topic('downgraded')
    const got = await listener(cell, protocol, topic, 2)
    const payload = { kind: 'text', text: 'once' } as const
    const shard = cell.start({
      group: group(protocol, { publish: { topic, qos: 2, everyMs: 1, limit: 1, payload } }),
    })
    await until('the witness has it', () => got.length === 1)
    await until('the client left, and is back', () => shard.counters().connected === 2)
    const history = await shard.stop()
    assert.is(shard.counters().acknowledged, 0)
    assert.ok((history.breaches['puback-for-qos-2'] ?? 0) > 0)
  },
}

const both = (qos: Qos, except: readonly Exception[] = []): Behaviour[] => [
  {
    name: `subscribes, and receives at QoS ${qos}`,
    run: (cell, protocol) => receive(cell, protocol, qos),
  },
  {
    name: `publishes at QoS ${qos}, counted and acknowledged`,
    run: (cell, protocol) => publish(cell, protocol, qos),
    except,
  },
]

export const MESSAGES: readonly Behaviour[] = [
  ...both(0),
  ...both(1),
  ...both(2, [DOWNGRADES]),
  {
    name: 'a retained message comes to who subscribes later',
    run: async (cell, protocol) => {
      const topic = cell.topic('retained')
      const publisher = cell.start({
        group: group(protocol, {
          publish: {
            topic,
            qos: 1,
            retain: true,
            everyMs: 1,
            limit: 1,
            payload: { kind: 'text', text: 'kept' },
          },
        }),
      })
      await until('it is acknowledged', () => publisher.counters().acknowledged === 1)
      await publisher.stop()
      const subscriber = cell.start({ group: group(protocol, { subscribe: [{ topic, qos: 1 }] }) })
      await until('it came', () => subscriber.counters().received === 1)
      await subscriber.stop()
      const witness = await cell.witness(protocol)
      await witness.publishAsync(topic, '', { qos: 1, retain: true })
    },
  },
  {
    name: 'a shared subscription: each message comes to one of its members',
    run: async (cell, protocol) => {
      const topic = cell.topic('shared')
      const subscribe = [{ topic: `$share/weir/${topic}`, qos: 1 }] as const
      const shard = cell.start({ clients: 2, group: group(protocol, { subscribe }) })
      await until('both are subscribed', () => shard.counters().subscribed === 2)
      const witness = await cell.witness(protocol)
      const echo = await listener(cell, protocol, topic, 1)
      for (let i = 0; i < COUNT; i++) await witness.publishAsync(topic, `${i}`, { qos: 1 })
      await until('the witness has them', () => echo.length === COUNT)
      await until('the members have them', () => shard.counters().received >= COUNT)
      await shard.stop()
      assert.is(shard.counters().received, COUNT)
    },
    except: [
      {
        broker: 'rabbitmq',
        because: 'RabbitMQ 3.10 has no shared subscriptions: the filter is taken by its letters',
        instead: async (cell, protocol) => {
          const topic = cell.topic('shared')
          const subscribe = [
            { topic: `$share/weir/${topic}`, qos: 1 },
            { topic, qos: 1 },
          ] as const
          const shard = cell.start({ group: group(protocol, { subscribe }) })
          await until('it is subscribed', () => shard.counters().subscribed === 1)
          const witness = await cell.witness(protocol)
          for (let i = 0; i < COUNT; i++) await witness.publishAsync(topic, `${i}`, { qos: 1 })
          await until('they came once, by the plain one', () => shard.counters().received >= COUNT)
          await shard.stop()
          assert.is(shard.counters().received, COUNT)
        },
      },
    ],
  },
]
