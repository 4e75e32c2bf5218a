import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { placementOf } from '#weir/bench/fleet/placement.ts'
import { WeirError } from '#weir/errors/index.ts'

const over = (
  clients: number,
  limit: number,
  {
    processes,
    workers = 0,
    connectsInFlight = 64,
  }: { processes?: number; workers?: number; connectsInFlight?: number } = {},
) =>
  placementOf(
    { clients, workers, connectsInFlight, ...(processes === undefined ? {} : { processes }) },
    { limit, open: 30 },
  )

test('threads of this process while its descriptors suffice, with what is open and a reserve; then few children', () => {
  assert.is(over(906, 1000).processes, 0)
  assert.is(over(907, 1000).processes, 1)
  assert.is(over(936, 1000).processes, 1)
  assert.is(over(937, 1000).processes, 2)
  assert.is(over(60_000, 20_000).processes, 4)
  assert.is(over(1_000_000, Number.POSITIVE_INFINITY).processes, 0)
})

test('as many as are asked for, if the clients fit', () => {
  assert.is(over(100, 20_000, { processes: 3 }).processes, 3)
  assert.is(over(60_000, 20_000, { processes: 8 }).processes, 8)
  refused('WEIR_DESCRIPTORS', /do not fit into 3 child processes .* use 4, .* "ulimit -n 20064"/, () =>
    over(60_000, 20_000, { processes: 3 }),
  )
})

test('workers count for each process', () => {
  assert.is(over(60_000, 20_000, { workers: 2 }).workersEach, 2)
  assert.is(over(60_000, 20_000).workersEach, 1)
  assert.is(over(100, 20_000, { workers: 3 }).workersEach, 3)
  assert.is(over(100, 20_000, { processes: 4, workers: 5, connectsInFlight: 8 }).workersEach, 2)
})

test('what no number of processes can hold is refused with what to do', () => {
  refused('WEIR_DESCRIPTORS', /may open 60, .* too few even with 64 child processes.*ulimit -n \d+/, () =>
    over(10, 60),
  )
  refused('WEIR_DESCRIPTORS', /100000 clients need/, () => over(100_000, 1000))
})

test('every process needs a client and a connect in flight of its own', () => {
  refused('WEIR_USAGE', /use at most 2 processes/, () => over(2, 20_000, { processes: 3 }))
  refused('WEIR_USAGE', /use at most 1 processes/, () => over(60_000, 20_000, { connectsInFlight: 1 }))
})

function refused(code: string, words: RegExp, what: () => unknown): void {
  assert.throws(what, (error: unknown) => {
    assert.instance(error, WeirError)
    assert.is((error as WeirError).code, code)
    assert.match((error as WeirError).message, words)
    return true
  })
}

test.run()
