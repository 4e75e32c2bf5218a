import { Worker } from 'node:worker_threads'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { CounterRow, makeCounterMemory, sumCounters } from '#weir/bench/counters/live-counters.ts'

test('the fleet’s figures are the sum of its shards’', () => {
  const memory = makeCounterMemory(2)
  const rows = [new CounterRow(memory, 0), new CounterRow(memory, 1)]
  rows[0]!.add('online', 5)
  rows[1]!.add('online', 7)
  rows[1]!.add('online', -2)
  rows[0]!.add('failed', 1)
  const sum = sumCounters(rows)
  assert.is(sum.online, 10)
  assert.is(sum.failed, 1)
  assert.is(sum.attempts, 0)
})

test('another thread’s figures are seen here', async () => {
  const memory = makeCounterMemory(1)
  const url = import.meta.resolve('#weir/bench/counters/live-counters.ts')
  const worker = new Worker(
    `import('${url}').then(({ CounterRow }) => new CounterRow(require('node:worker_threads').workerData, 0).add('connected', 3))`,
    { eval: true, workerData: memory },
  )
  await new Promise((resolve) => worker.on('exit', resolve))
  assert.is(sumCounters([new CounterRow(memory, 0)]).connected, 3)
})

test('rows that nobody took are counted, over the end of 32 bits too', () => {
  const row = new CounterRow(makeCounterMemory(1), 0)
  assert.is(row.rowsUntaken(100), 100)
  row.rowsTaken(60)
  assert.is(row.rowsUntaken(100), 40)
  row.rowsTaken(2 ** 31 - 1)
  row.rowsTaken(2 ** 31 - 1)
  assert.is(row.rowsUntaken(60 + 2 * (2 ** 31 - 1) + 9), 9)
})

test('figures go on beyond 32 bits, on their way from a child process too', () => {
  const rows = [0, 0].map(() => new CounterRow(makeCounterMemory(1), 0))
  rows[0]!.add('published', 2 ** 31 - 1)
  rows[0]!.add('published', 10)
  rows[0]!.add('received', 2 ** 40)
  rows[0]!.add('received', -1)
  rows[1]!.restore(structuredClone(rows[0]!.snapshot()))
  for (const row of rows) {
    assert.is(row.get('published'), 2 ** 31 + 9)
    assert.is(sumCounters([row, row]).received, 2 ** 41 - 2)
  }
})

test.run()
