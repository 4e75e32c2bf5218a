/** A broker that is silent where it owes something: no run over it is a success. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from '../../cli/weir.ts'
import { until } from '../support/until.ts'
import { benchProcess, killLeft } from './bench-process.ts'
import { closeLeft, listen } from './brokers-of-test.ts'

test.after.each(closeLeft)
test.after.each(killLeft)

for (const [qos, engine] of [
  ['1', 'lean'],
  ['2', 'lean'],
  ['1', 'mqttjs'],
] as const)
  test(`QoS ${qos} of ${engine} without an acknowledgement`, async () => {
    const broker = await listen()
    const line = `-c 1 -h 127.0.0.1 -p ${broker.port} -t t -q ${qos} -L 10 -im 1 --engine ${engine}`.split(
      ' ',
    )
    const ran = await weir(['bench', 'pub', ...line])
    assert.is(ran.code, 4, ran.stderr)
    assert.match(ran.stdout, /^published +10: 0 acknowledged, 0 refused, 10 without an answer/m)
    assert.match(ran.stderr, '10 of 10 messages were not accepted')
  })

test('sub --verify to whom nothing came', async () => {
  const broker = await listen()
  const line = `-c 1 -h 127.0.0.1 -p ${broker.port} -t t -k 1 --verify`.split(' ')
  const sub = benchProcess(['sub', ...line])
  await sub.saying('all 1 clients are connected')
  // It pings again once it has read the answer to its first ping, and with it the SUBACK.
  await until('it has read the SUBACK', () => broker.packets('pingreq').length >= 2)
  sub.interrupt()
  assert.is(await sub.code, 4, sub.said.stderr)
  assert.match(sub.said.stdout, /^NOT VERIFIED +0 received/m)
  assert.match(sub.said.stderr, '--verify verified nothing')
})

test.run()
