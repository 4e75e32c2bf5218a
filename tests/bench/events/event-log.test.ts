import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Columns, EventLog, withWords } from '#weir/bench/events/event-log.ts'
import { buffersOf, CLIENT_EVENT_KINDS } from '#weir/facts/index.ts'

test('events come out in columns as they went in', () => {
  const batches: Columns[] = []
  const log = new EventLog((batch) => batches.push(batch))
  log.add(5, 70_000, 'connected', '', 0, 1)
  log.add(6, 3, 'refused', 'connack', 0x9c)
  log.flush()
  const batch = withWords(batches[0]!, ['broker:1883'])
  assert.is(batch.length, 2)
  assert.equal([...batch.t], [5, 6])
  assert.equal([...batch.client], [70_000, 3])
  assert.equal(
    [...batch.kind].map((kind) => CLIENT_EVENT_KINDS[kind]),
    ['connected', 'refused'],
  )
  assert.equal(
    [...batch.reason].map((reason) => batch.reasons[reason]),
    ['', 'connack'],
  )
  assert.equal([...batch.code], [0, 0x9c])
  assert.equal([...batch.sessionPresent], [1, -1])
  assert.equal(
    [...batch.target].map((target) => batch.targets[target]),
    ['broker:1883', 'broker:1883'],
  )
})

test('full columns go out by themselves; nothing goes out twice or empty', () => {
  const batches: Columns[] = []
  const log = new EventLog((batch) => batches.push(batch), 4)
  for (let i = 0; i < 9; i++) log.add(i, i, 'attempt')
  log.flush()
  log.flush()
  assert.equal(
    batches.map(({ length }) => length),
    [4, 4, 1],
  )
  assert.equal(
    batches.flatMap(({ t }) => [...t]),
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
  )
})

test('a batch that has been sent away leaves the log whole', () => {
  const log = new EventLog((batch) => structuredClone(batch, { transfer: buffersOf(batch) }), 2)
  for (let i = 0; i < 5; i++) log.add(i, i, 'attempt')
  const batches: Columns[] = []
  const next = new EventLog(
    (batch) => batches.push(structuredClone(batch, { transfer: buffersOf(batch) })),
    2,
  )
  next.add(1, 2, 'failed', 'too-many-files')
  next.flush()
  assert.equal([...batches[0]!.client], [2])
})

test.run()
