import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type QueueOptions, WorkQueue } from '#weir/testbed/runtime/work-queue.ts'
import { VirtualClock } from './virtual-clock.ts'

/** The queue's own timers keep no process alive. */
const alive = setInterval(() => {}, 1000)
test.after(() => clearInterval(alive))

const turn = () => new Promise((resolve) => setImmediate(resolve))
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

test('many additions of one key are one run', async () => {
  let runs = 0
  const queue = new WorkQueue(
    async () => {
      runs++
    },
    { onError() {} },
  )
  for (let i = 0; i < 10; i++) queue.add('a')
  await turns(5)
  // The first addition started a run, the others ask for one more after it.
  assert.ok(runs >= 1 && runs <= 2)
  queue.stop()
})

test('a key that is added while it runs is run once more afterwards, never beside itself', async () => {
  const open: (() => void)[] = []
  let beside = 0
  let most = 0
  const queue = new WorkQueue(
    async () => {
      beside++
      most = Math.max(most, beside)
      await new Promise<void>((resolve) => open.push(resolve))
      beside--
    },
    { onError() {} },
  )
  queue.add('a')
  await turns(3)
  assert.is(open.length, 1)
  queue.add('a')
  queue.add('a')
  await turns(3)
  assert.is(open.length, 1)
  open[0]!()
  await turns(5)
  assert.is(open.length, 2)
  open[1]!()
  await turns(5)
  assert.is(open.length, 2)
  assert.is(most, 1)
  queue.stop()
})

test('different keys do not wait for each other', async () => {
  const begun: string[] = []
  const queue = new WorkQueue(
    async (key) => {
      begun.push(key)
      if (key === 'stuck') await new Promise(() => {})
    },
    { onError() {} },
  )
  queue.add('stuck')
  queue.add('free')
  await turns(5)
  assert.equal(begun.sort(), ['free', 'stuck'])
  queue.stop()
})

test('what fails is reported and tried again until it works', async () => {
  const errors: string[] = []
  let left = 3
  await new Promise<void>((resolve) => {
    const queue = new WorkQueue(
      async () => {
        if (left-- > 0) throw new Error(`left ${left}`)
        queue.stop()
        resolve()
      },
      { onError: (key, error) => errors.push(`${key}: ${(error as Error).message}`) },
    )
    queue.add('a')
  })
  assert.equal(errors, ['a: left 2', 'a: left 1', 'a: left 0'])
})

test('a key that is put off comes by itself, and not after a stop', async () => {
  let runs = 0
  const done = Promise.withResolvers<void>()
  const queue = new WorkQueue(
    async () => {
      runs++
      done.resolve()
    },
    { onError() {} },
  )
  queue.addAfter('a', 5)
  await done.promise
  queue.addAfter('b', 5)
  queue.stop()
  queue.add('c')
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.is(runs, 1)
})

/** One worker, as in the operator, and time that moves only when told to. */
function worker(
  handle: (key: string, atMs: number) => void | Promise<void>,
  more: Partial<QueueOptions> = {},
) {
  const clock = new VirtualClock()
  const startMs = clock.now()
  const queue = new WorkQueue(async (key) => handle(key, clock.now() - startMs), {
    clock,
    workers: 1,
    backOff: { firstMs: 5, longestMs: 1_000_000 },
    onError() {},
    ...more,
  })
  return { clock, queue }
}

test('a change in the middle of a pause is handled at once, and the end of the pause stays', async () => {
  const runs: number[] = []
  const { clock, queue } = worker((key, atMs) => {
    runs.push(atMs)
    queue.addAfter(key, 20_000)
  })
  queue.add('cr')
  await clock.advance(12_000)
  queue.add('cr')
  await clock.advance(40_000)
  // As recorded: the pass of the change does not postpone the poll, whose successor then comes 20 s after it.
  assert.equal(runs, [0, 12_000, 20_000, 40_000])
  await queue.stop()
})

test('failures back off and are forgotten', async () => {
  const runs: number[] = []
  let fails = true
  const { clock, queue } = worker((_key, atMs) => {
    runs.push(atMs)
    if (fails && runs.length !== 5) throw new Error('not yet')
  })
  queue.add('cr')
  await clock.advance(1000)
  assert.equal(runs, [0, 5, 15, 35, 75])
  queue.add('cr')
  await clock.advance(0)
  fails = false
  await clock.advance(5)
  assert.is(runs.length, 7)
  await queue.stop()
})

test('an error that is part of the work has a pause of its own', async () => {
  const runs: number[] = []
  const { clock, queue } = worker(
    (_key, atMs) => {
      runs.push(atMs)
      if (runs.length < 3) throw new Error('not ready')
    },
    { pauseMs: () => 1000 },
  )
  queue.add('cr')
  await clock.advance(10_000)
  assert.equal(runs, [0, 1000, 2000])
  await queue.stop()
})

test('what is added again while it is handled is handled once more, not twice', async () => {
  let runs = 0
  const { clock, queue } = worker((key) => {
    runs += 1
    if (runs > 1) return
    queue.add(key)
    queue.add(key)
  })
  queue.add('cr')
  await clock.advance(10)
  assert.is(runs, 2)
  await queue.stop()
})

test('a stopped queue finishes the work in hand and takes no more', async () => {
  let done = 0
  const { clock, queue } = worker(async () => {
    await turns(10)
    done += 1
  })
  queue.add('one')
  queue.add('two')
  await turns(3)
  await queue.stop()
  assert.is(done, 1)
  queue.add('three')
  await clock.advance(10)
  assert.is(done, 1)
})

test.run()
