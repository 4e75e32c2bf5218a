import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { VirtualClock } from '../../runtime/virtual-clock.ts'
import { evacuate } from '../support/nodes.ts'
import { join } from '../support/raw-client.ts'
import { until } from '../support/until.ts'
import { payloads, twoNodes } from './two-nodes.ts'

const will = { topic: 'wills', payload: Buffer.from('gone'), qos: 1, retain: false } as const

test('a will fires when the connection breaks or is evicted, not after a proper DISCONNECT', async () => {
  const { cluster, blue, green } = await twoNodes()
  const watcher = await join(green.ip, { clientId: 'w' })
  await watcher.subscribe('wills', 0)
  const polite = await join(blue.ip, { clientId: 'polite', will })
  polite.send({ cmd: 'disconnect', reasonCode: 0 })
  await until(() => polite.ended)
  const broken = await join(blue.ip, {
    clientId: 'broken',
    will: { ...will, payload: Buffer.from('broken') },
  })
  broken.close()
  await watcher.wait('publish', 1)
  await join(blue.ip, { clientId: 'evicted', version: 4, will: { ...will, payload: Buffer.from('evicted') } })
  await evacuate(blue, {})
  await watcher.wait('publish', 2)
  assert.equal(payloads(watcher), ['broken', 'evicted'])
  cluster.close()
})

test('a delayed will fires after its delay, unless its client is back in time', async () => {
  const clock = new VirtualClock()
  const { cluster, blue, green } = await twoNodes(clock)
  const watcher = await join(green.ip, { clientId: 'w' })
  await watcher.subscribe('wills', 0)
  const delayed = (clientId: string) => ({
    clientId,
    clean: false,
    properties: { sessionExpiryInterval: 100 },
    will: { ...will, payload: Buffer.from(clientId), properties: { willDelayInterval: 10 } },
  })
  for (const name of ['late', 'back']) (await join(blue.ip, delayed(name))).close()
  await until(() => blue.core.live.size === 0)
  await clock.advance(5000)
  await join(green.ip, delayed('back'))
  assert.equal(payloads(watcher), [])
  await clock.advance(20_000)
  await watcher.wait('publish')
  assert.equal(payloads(watcher), ['late'])
  cluster.close()
})

test.run()
