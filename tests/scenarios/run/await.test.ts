import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { recordApiFailure } from '#weir/scenarios/observe/api-failure.ts'
import { awaitCondition } from '#weir/scenarios/run/await.ts'
import { Interrupted, StepFailure } from '#weir/scenarios/run/endings.ts'
import { orAborted } from '#weir/scenarios/run/within.ts'
import { fakeRun } from '../fake-run.ts'

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

test('polls until it is so, then does what follows', async () => {
  const run = fakeRun()
  const said: string[] = []
  let polls = 0
  const wait = {
    everyMs: 1,
    before: () => void said.push('before'),
    poll: () => (++polls < 3 ? `poll ${polls}` : undefined),
    after: () => void said.push('after'),
  }
  await awaitCondition(run, 'x', wait, 600)
  assert.is(polls, 3)
  assert.equal(said, ['before', 'after'])
  assert.is(run.state.missing, '')
})

test('out of time: what the last poll missed, and no poll after', async () => {
  const run = fakeRun()
  let polls = 0
  const wait = { everyMs: 1, poll: () => `missed ${++polls}` }
  const error = (await thrownBy(awaitCondition(run, 'upgraded', wait, 0.03))) as StepFailure
  assert.instance(error, StepFailure)
  assert.is(error.phase, 'timeout')
  assert.is(error.lastMismatch, `missed ${polls}`)
  assert.match(error.message, `upgraded was not reached within 0 s: missed ${polls}`)
  const then = polls
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.is(polls, then)
})

test('out of time while an API does not answer: its last failure is said, if it was a moment ago', async () => {
  const run = fakeRun()
  const wait = { everyMs: 1, poll: () => 'missed' }
  recordApiFailure(run, 'nodes', 'emqx-1', new Error('GET /api/v5/nodes: HTTP 503'))
  const error = (await thrownBy(awaitCondition(run, 'upgraded', wait, 0.03))) as StepFailure
  assert.is(
    error.lastMismatch,
    'missed; an API failed 0 s before: nodes of emqx-1: GET /api/v5/nodes: HTTP 503',
  )
  assert.match(error.message, /HTTP 503$/)
  run.nowNs += 60e9
  const later = (await thrownBy(awaitCondition(run, 'upgraded', wait, 0.03))) as StepFailure
  assert.is(later.lastMismatch, 'missed')
})

test('a poll that hangs does not outlive the deadline', async () => {
  const error = await thrownBy(
    awaitCondition(fakeRun(), 'x', { everyMs: 1, poll: () => new Promise<string>(() => {}) }, 0.01),
  )
  assert.is((error as StepFailure).lastMismatch, 'nothing was observed yet')
})

test('the end of the run ends the wait with its own reason', async () => {
  const run = fakeRun()
  const wait = {
    everyMs: 1,
    poll: () => {
      run.stop.abort(new Interrupted())
      return 'no'
    },
  }
  assert.instance(await thrownBy(awaitCondition(run, 'x', wait, 600)), Interrupted)
})

test('what a poll throws is thrown', async () => {
  const poll = () => {
    throw new Error('broken')
  }
  assert.is(
    ((await thrownBy(awaitCondition(fakeRun(), 'x', { everyMs: 1, poll }, 600))) as Error).message,
    'broken',
  )
})

test('what never settles is left as soon as the run is aborted', async () => {
  const stop = new AbortController()
  const never = orAborted(new Promise(() => undefined), stop.signal)
  stop.abort(new Error('interrupted'))
  await never.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'interrupted'),
  )
  assert.is(await orAborted(Promise.resolve(7), new AbortController().signal), 7)
})

test.run()
