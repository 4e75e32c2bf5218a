import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HEADER_BYTES, makeHeader, writeHeader } from '#weir/bench/ledger/header.ts'
import { limitOf, PublishSchedule } from '#weir/bench/traffic/publish-schedule.ts'

const phases = (of: number) =>
  Array.from({ length: of }, (_, rank) => new PublishSchedule(0, 5000, rank, of).firstMs)

test('the publishers of a group are spread evenly over the interval, each at a phase of its own', () => {
  for (const number of [1, 2, 3, 4, 10, 75, 750, 1000])
    assert.equal(
      phases(number).sort((a, b) => a - b),
      Array.from({ length: number }, (_, k) => (5000 * k) / number),
    )
})

test('clients that are evicted in the order of their ranks are met at every phase of their messages', () => {
  const found = phases(75)
  // Whoever sweeps over the ranks within one interval is this far ahead of each publisher's message.
  const ahead = found.map((phase, rank) => ((phase - (5000 * rank) / 75 + 5000) % 5000) / 1000)
  for (const second of [0, 1, 2, 3, 4]) {
    const within = ahead.filter((value) => value >= second && value < second + 1).length
    assert.ok(within >= 10 && within <= 20, `${within} of 75 within second ${second}`)
  }
})

test('a limit is shared out, and nobody sends more than the ledger has numbers for', () => {
  assert.equal([limitOf(5, 0, 2), limitOf(5, 1, 2)], [3, 2])
  const bytes = Buffer.alloc(HEADER_BYTES)
  for (const limit of [undefined, 0, 2 ** 34])
    writeHeader(bytes, 0, { ...makeHeader(), sequence: limitOf(limit, 0, 2) })
  assert.is(limitOf(undefined, 0, 2), 2 ** 32 - 1)
})

test.run()
