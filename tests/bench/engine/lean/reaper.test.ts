import { Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Reaper } from '#weir/bench/engine/lean/reaper.ts'
import { until } from '../../support/until.ts'

test('every socket is closed, but not all in one turn of the event loop', async () => {
  const sockets = Array.from({ length: 500 }, () => new Socket())
  const reaper = new Reaper()
  for (const socket of sockets) reaper.bury(socket)
  assert.ok(
    sockets.every(({ destroyed }) => !destroyed),
    'nothing is closed at once',
  )
  await new Promise((resolve) => setImmediate(resolve))
  const first = sockets.filter(({ destroyed }) => destroyed).length
  assert.ok(first > 0 && first < 250, `${first} in the first turn`)
  await until('all are closed', () => sockets.every(({ destroyed }) => destroyed))
})

test('it begins again after it had nothing left', async () => {
  const reaper = new Reaper()
  for (let round = 0; round < 3; round++) {
    const socket = new Socket()
    reaper.bury(socket)
    await until('it is closed', () => socket.destroyed)
  }
})

test.run()
