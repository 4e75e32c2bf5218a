/** A real broker is killed and started again, under clients of both engines at once: every one returns. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { EngineName } from '#weir/bench/types.ts'
import { testWith } from '../../support/programs.ts'
import type { Broker } from '../brokers/broker.ts'
import { startMosquitto } from '../brokers/mosquitto.ts'
import { startRabbitmq } from '../brokers/rabbitmq.ts'
import { startShard } from '../support/one-shard.ts'
import { until } from '../support/until.ts'
import { group } from './behaviours/groups.ts'

const ENGINES: readonly EngineName[] = ['lean', 'mqttjs']
const CLIENTS = 100

async function killAndStart(broker: Broker): Promise<void> {
  const [target] = broker.targets
  const shards = ENGINES.map((engine) =>
    startShard(target!.port, {
      engine,
      clients: CLIENTS,
      ids: Array.from({ length: CLIENTS }, (_, i) => `${engine}-${i}`),
      group: group('3.1.1', { subscribe: [{ topic: 'news/%i', qos: 1 }] }),
      reconnect: { kind: 'exponential', baseMs: 100, capMs: 500, jitter: 'full' },
    }),
  )
  const every = (what: string, holds: (counters: ReturnType<(typeof shards)[0]['counters']>) => boolean) =>
    until(what, () => shards.every((shard) => holds(shard.counters())))
  await every('all are subscribed', ({ subscribed }) => subscribed === CLIENTS)
  await broker.kill()
  await every('all were lost, and found nobody', ({ online, failed }) => online === 0 && failed >= CLIENTS)
  await broker.start()
  await every('all are back and subscribed', ({ subscribed }) => subscribed === CLIENTS)
  for (const shard of shards) {
    const history = await shard.stop()
    assert.is(history.count('disconnected'), CLIENTS)
    assert.is(history.count('connected'), 2 * CLIENTS)
    assert.is(history.count('left'), CLIENTS)
    assert.is(history.count('gave-up'), 0)
  }
}

for (const [name, program, start] of [
  ['mosquitto', 'mosquitto', startMosquitto],
  ['RabbitMQ', 'rabbitmq-server', startRabbitmq],
] as const)
  testWith(program)(`${name} is killed and comes back: all clients of both engines return`, async () => {
    const broker = await start()
    try {
      await killAndStart(broker)
    } finally {
      await broker.stop()
    }
  })

test.run()
