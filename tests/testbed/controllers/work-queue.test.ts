import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WorkQueue } from '#weir/testbed/controllers/runtime/work-queue.ts'

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
    () => {},
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
    () => {},
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
    () => {},
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
      (key, error) => errors.push(`${key}: ${(error as Error).message}`),
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
    () => {},
  )
  queue.addAfter('a', 5)
  await done.promise
  queue.addAfter('b', 5)
  queue.stop()
  queue.add('c')
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.is(runs, 1)
})

test.run()
