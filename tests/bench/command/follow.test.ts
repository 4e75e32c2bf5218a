/** A server that sends its clients elsewhere (MQTT 5 §4.11), by the command line. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from '../../cli/weir.ts'
import type { FakeBroker } from '../support/fake-broker.ts'
import { closeLeft, listen } from './brokers-of-test.ts'
import { untilSaid } from './until-said.ts'

test.after.each(closeLeft)

/** Refuses everybody with 0x9C, and says that `other` would not. */
const sendingTo = (other: FakeBroker) =>
  listen({
    onConnect(visit) {
      const properties = { serverReference: `127.0.0.1:${other.port}` }
      visit.send({ cmd: 'connack', sessionPresent: false, reasonCode: 0x9c, properties })
      visit.socket.end()
    },
  })
const line = (port: number) => `conn -c 4 -i 1 -h 127.0.0.1 -p ${port} --workers 1`.split(' ')

test('--follow-server-reference: everybody goes where the server points to', async () => {
  const other = await listen()
  const home = await sendingTo(other)
  const ran = await untilSaid(
    [...line(home.port), '-rp', '5', '--follow-server-reference'],
    'all 4 clients are connected',
  )
  assert.is(ran.code, 0, ran.stderr)
  assert.equal([home.visits.length, other.visits.length], [4, 4])
  assert.match(ran.stdout, /attempts +8: 4 accepted, 4 refused, 0 failed/)
})

test('without it nobody goes, and the error says that one could', async () => {
  const other = await listen()
  const home = await sendingTo(other)
  const ran = await weir(['bench', ...line(home.port), '-rp', '0'])
  assert.is(ran.code, 4)
  assert.match(ran.stderr, 'use another server, 4 times: follow its reference with --follow-server-reference')
  assert.equal([home.visits.length, other.visits.length], [4, 0])
})

test.run()
