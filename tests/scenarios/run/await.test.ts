import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { awaitSo } from '#weir/scenarios/run/await.ts'
import { Interrupted, StepFailure } from '#weir/scenarios/run/endings.ts'
import { fakeRun } from '../fake-run.ts'

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

test('looks until it is so, then does what follows', async () => {
  const run = fakeRun()
  const said: string[] = []
  let looks = 0
  const wait = {
    everyMs: 1,
    before: () => void said.push('before'),
    look: () => (++looks < 3 ? `look ${looks}` : undefined),
    after: () => void said.push('after'),
  }
  await awaitSo(run, 'x', wait, 600)
  assert.is(looks, 3)
  assert.equal(said, ['before', 'after'])
  assert.is(run.state.missing, '')
})

test('out of time: what the last look missed, and no look after', async () => {
  const run = fakeRun()
  let looks = 0
  const wait = { everyMs: 1, look: () => `missed ${++looks}` }
  const error = (await thrownBy(awaitSo(run, 'upgraded', wait, 0.03))) as StepFailure
  assert.instance(error, StepFailure)
  assert.is(error.phase, 'timeout')
  assert.is(error.lastMismatch, `missed ${looks}`)
  assert.match(error.message, `upgraded was not so within 0 s: missed ${looks}`)
  const then = looks
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.is(looks, then)
})

test('a look that hangs does not outlive the deadline', async () => {
  const error = await thrownBy(
    awaitSo(fakeRun(), 'x', { everyMs: 1, look: () => new Promise<string>(() => {}) }, 0.01),
  )
  assert.is((error as StepFailure).lastMismatch, 'nothing was seen yet')
})

test('the end of the run ends the wait with its own reason', async () => {
  const run = fakeRun()
  const wait = {
    everyMs: 1,
    look: () => {
      run.stop.abort(new Interrupted())
      return 'no'
    },
  }
  assert.instance(await thrownBy(awaitSo(run, 'x', wait, 600)), Interrupted)
})

test('what a look throws is thrown', async () => {
  const look = () => {
    throw new Error('broken')
  }
  assert.is(((await thrownBy(awaitSo(fakeRun(), 'x', { everyMs: 1, look }, 600))) as Error).message, 'broken')
})

test.run()
