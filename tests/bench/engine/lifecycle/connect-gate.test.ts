import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ConnectGate } from '#weir/bench/engine/lifecycle/connect-gate.ts'

test('as many as there is room for go at once, the others in their order', () => {
  const opened: number[] = []
  const gate = new ConnectGate<number>(2, (client) => opened.push(client))
  for (let client = 0; client < 6; client++) gate.enter(client)
  assert.equal(opened, [0, 1])
  assert.is(gate.inFlight, 2)
  assert.is(gate.waiting, 4)
  gate.leave()
  assert.equal(opened, [0, 1, 2])
  for (let i = 0; i < 5; i++) gate.leave()
  assert.equal(opened, [0, 1, 2, 3, 4, 5])
  assert.is(gate.inFlight, 0)
})

test('who leaves and comes again queues behind those who wait', () => {
  const opened: number[] = []
  const gate = new ConnectGate<number>(1, (client) => opened.push(client))
  for (const client of [0, 1, 2]) gate.enter(client)
  gate.enter(0)
  for (let i = 0; i < 4; i++) gate.leave()
  assert.equal(opened, [0, 1, 2, 0])
})

test('a long line keeps its order and does not keep its past', () => {
  const opened: number[] = []
  const gate = new ConnectGate<number>(1, (client) => opened.push(client))
  for (let client = 0; client < 20_000; client++) gate.enter(client)
  for (let i = 0; i < 10_000; i++) gate.leave()
  for (let client = 20_000; client < 20_100; client++) gate.enter(client)
  while (gate.inFlight > 0) gate.leave()
  assert.equal(
    opened,
    Array.from({ length: 20_100 }, (_, i) => i),
  )
  assert.is(gate.waiting, 0)
})

test('a closed gate opens nobody', () => {
  const opened: number[] = []
  const gate = new ConnectGate<number>(1, (client) => opened.push(client))
  gate.enter(0)
  gate.enter(1)
  gate.close()
  gate.enter(2)
  gate.leave()
  assert.equal(opened, [0])
  assert.is(gate.waiting, 0)
})

test.run()
