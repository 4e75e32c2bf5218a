import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Outbox } from '#weir/scenarios/fleet-job/pod/outbox.ts'
import { frames } from '#weir/scenarios/fleet-job/wire.ts'

const texts = (body: Buffer) => frames(body).map(String)

test('messages are kept until the owner has them, and come again where an answer was lost', async () => {
  const outbox = new Outbox()
  const sent: string[] = []
  for (const text of ['a', 'b', 'c']) outbox.push(Buffer.from(text), () => sent.push(text))
  const first = await outbox.after(0, 1000)
  assert.equal([texts(first.body), first.last], [['a', 'b', 'c'], 3])
  const again = await outbox.after(0, 1000)
  assert.equal(texts(again.body), ['a', 'b', 'c'])
  assert.equal(sent, [])
  outbox.push(Buffer.from('d'))
  const next = await outbox.after(again.last, 1000)
  assert.equal([texts(next.body), next.last], [['d'], 4])
  assert.equal(sent, ['a', 'b', 'c'])
  assert.not.ok(outbox.isEmpty)
  const nothing = await outbox.after(4, 1)
  assert.equal([nothing.body.length, nothing.last], [0, 4])
  assert.ok(outbox.isEmpty)
})

test('a request waits for news, and is answered with the first', async () => {
  const outbox = new Outbox()
  const waiting = outbox.after(0, 60_000)
  outbox.push(Buffer.from('news'))
  assert.equal(texts((await waiting).body), ['news'])
})

test('what is too much for one answer comes with the next', async () => {
  const outbox = new Outbox()
  for (let i = 0; i < 3; i++) outbox.push(Buffer.alloc(3 << 20, i))
  const first = await outbox.after(0, 1)
  assert.equal([frames(first.body).length, first.last], [1, 1])
  const second = await outbox.after(1, 1)
  assert.equal([frames(second.body)[0]![0], second.last], [1, 2])
  assert.ok(second.waitedMs >= 200, `the third has waited since it came, not ${second.waitedMs} ms`)
  const third = await outbox.after(2, 1)
  assert.equal([third.last, third.waitedMs], [3, 0])
})

test.run()
