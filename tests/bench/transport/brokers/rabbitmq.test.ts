import * as assert from 'uvu/assert'
import { startRabbitmq } from '../../brokers/rabbitmq.ts'
import { carries } from './carried.ts'
import { firstEnd, misfortunes, openReal, type RealListeners } from './real-listeners.ts'

let broker: RealListeners
const open = async () => {
  broker = await openReal(startRabbitmq, '3.1.1')
  return broker
}
carries('rabbitmq', 'rabbitmq-server', open, (test) => {
  misfortunes(test, () => broker)

  test('another path: refused with its HTTP status', async () => {
    const transport = { protocol: 'ws', webSocket: { path: '/elsewhere' } } as const
    assert.is(await firstEnd(broker.target('ws'), transport, '3.1.1'), 'failed ws-refused 404')
  })
})
