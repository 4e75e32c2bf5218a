import { Socket } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Reaper } from '#weir/bench/engine/lean/open-sockets.ts'
import { until } from '../../support/until.ts'
import { VirtualTime } from '../../support/virtual-time.ts'

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

/** A socket of a server that never closes. */
class StuckSocket {
  last = ''
  destroyed = false
  end(bytes: Buffer): void {
    this.last += bytes.toString()
  }
  destroy(): void {
    this.destroyed = true
  }
}

test('a last word has a second and more to be read before the socket is closed', async () => {
  const time = new VirtualTime()
  const reaper = new Reaper(time)
  const [first, second] = [new StuckSocket(), new StuckSocket()]
  reaper.buryAfter(Buffer.from('a'), first)
  time.passUntil(() => time.nowMs() >= 1000)
  reaper.buryAfter(Buffer.from('b'), second)
  assert.equal([first.last, second.last], ['a', 'b'])
  time.passUntil(() => time.nowMs() >= 2000)
  await until('the first is closed', () => first.destroyed)
  assert.not(second.destroyed)
  time.passUntil(() => time.nowMs() >= 3000)
  await until('the second is closed', () => second.destroyed)
  time.passUntil(() => false)
  assert.is(time.nowMs(), 3000, 'no timer is left over')
})

test('at the end nobody lingers', async () => {
  const time = new VirtualTime()
  const reaper = new Reaper(time)
  const socket = new StuckSocket()
  reaper.buryAfter(Buffer.from('a'), socket)
  reaper.buryAll()
  await until('it is closed', () => socket.destroyed)
  time.passUntil(() => false)
  assert.is(time.nowMs(), 0)
})

test.run()
