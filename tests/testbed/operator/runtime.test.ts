import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Clock } from '../../../testbed/operator/runtime/clock.ts'
import { EventCorrelator } from '../../../testbed/operator/runtime/event-correlator.ts'
import { fnv32a, safeEncode, templateSuffix } from '../../../testbed/operator/runtime/hash.ts'
import { WorkQueue } from '../../../testbed/operator/runtime/work-queue.ts'
import { addCondition } from '../../../testbed/operator/v1beta4/conditions.ts'
import type { Condition } from '../../../testbed/operator/v1beta4/types.ts'

/** Time that moves only when it is told to, and lets everything that is due happen. */
function virtualClock(): Clock & { advance(ms: number): Promise<void> } {
  let nowMs = 0
  const timers = new Set<{ at: number; callback: () => void }>()
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    now: () => nowMs,
    after(ms, callback) {
      const timer = { at: nowMs + ms, callback }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      const endMs = nowMs + ms
      for (;;) {
        await settle()
        const [next] = [...timers].filter(({ at }) => at <= endMs).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        timers.delete(next)
        nowMs = next.at
        next.callback()
      }
      nowMs = endMs
    },
  }
}

test('a change in the middle of a beat is looked at at once, and the beat stays', async () => {
  const clock = virtualClock()
  const queue = new WorkQueue(clock)
  const looks: number[] = []
  queue.start(async (key) => {
    looks.push(clock.now())
    queue.addAfter(key, 20_000)
  })
  queue.add('cr')
  await clock.advance(12_000)
  queue.add('cr')
  await clock.advance(40_000)
  // As in the recording: the pass of the change does not postpone the poll, whose successor then comes 20 s after it.
  assert.equal(looks, [0, 12_000, 20_000, 40_000])
  await queue.stop()
})

test('failures back off and are forgotten', async () => {
  const clock = virtualClock()
  const queue = new WorkQueue(clock)
  const looks: number[] = []
  queue.start(async (key) => {
    looks.push(clock.now())
    if (looks.length < 5) queue.addRateLimited(key)
    else queue.forget(key)
  })
  queue.add('cr')
  await clock.advance(1000)
  assert.equal(looks, [0, 5, 15, 35, 75])
  queue.addRateLimited('cr')
  await clock.advance(5)
  assert.is(looks.length, 6)
  await queue.stop()
})

test('what is added again while it is worked on is done once more, not twice', async () => {
  const clock = virtualClock()
  const queue = new WorkQueue(clock)
  let looks = 0
  queue.start(async (key) => {
    looks += 1
    if (looks > 1) return
    queue.add(key)
    queue.add(key)
  })
  queue.add('cr')
  await clock.advance(10)
  assert.is(looks, 2)
  await queue.stop()
})

test('a stopped queue finishes its piece and takes no more', async () => {
  const clock = virtualClock()
  const queue = new WorkQueue(clock)
  let done = 0
  queue.start(async () => {
    await new Promise((resolve) => setImmediate(resolve))
    done += 1
  })
  queue.add('one')
  queue.add('two')
  await queue.stop()
  assert.is(done, 1)
  queue.add('three')
  await clock.advance(10)
  assert.is(done, 1)
})

const evacuate = (message: string) => ({ type: 'Normal', reason: 'Evacuate', message }) as const

test('the tenth different message of one reason stands for all that follow', () => {
  const correlator = new EventCorrelator(virtualClock())
  const written: string[] = []
  for (let index = 1; index <= 12; index += 1) {
    const verdict = correlator.correlate('cr', evacuate(`message ${index}`))
    if (verdict.what === 'drop') throw new Error('dropped')
    written.push(`${verdict.what} ${verdict.message}`)
    if (verdict.what === 'create') correlator.created(verdict.key, `event-${index}`)
    else assert.equal([verdict.name, verdict.count], ['event-10', index - 9])
  }
  assert.is(written[8], 'create message 9')
  assert.is(written[9], 'create (combined from similar events): message 10')
  assert.is(written[11], 'count (combined from similar events): message 12')
})

test('the same message counts up, and other reasons are apart', () => {
  const correlator = new EventCorrelator(virtualClock())
  const first = correlator.correlate('cr', evacuate('a'))
  assert.is(first.what, 'create')
  if (first.what === 'create') correlator.created(first.key, 'event-1')
  const again = correlator.correlate('cr', evacuate('a'))
  assert.equal(again.what === 'count' && [again.name, again.count], ['event-1', 2])
  assert.is(correlator.correlate('cr', { ...evacuate('a'), reason: 'Other' }).what, 'create')
})

test('an object that complains without end is heard 25 times, then once in five minutes', async () => {
  const clock = virtualClock()
  const correlator = new EventCorrelator(clock)
  const heard = (times: number) =>
    Array.from({ length: times }, () => correlator.correlate('cr', evacuate('a'))).filter(
      ({ what }) => what !== 'drop',
    ).length
  assert.is(heard(40), 25)
  await clock.advance(300_000)
  assert.is(heard(5), 1)
  assert.is(correlator.correlate('another', evacuate('a')).what, 'create')
})

const ready = { type: 'Running', status: 'True', reason: 'ClusterReady' } as const
const notReady = { type: 'Running', status: 'False', reason: 'ClusterNotReady' } as const
const updating = { type: 'BlueGreenUpdating', status: 'True' } as const
const shown = (conditions: Condition[]) =>
  conditions.map(({ type, status, lastUpdateTime, lastTransitionTime }) =>
    [type, status, lastUpdateTime.slice(17, 19), lastTransitionTime.slice(17, 19)].join(' '),
  )

test('conditions: newest first; only the first keeps its transition time, even when it flips', () => {
  let conditions = addCondition([], ready, 1000)
  conditions = addCondition(conditions, ready, 2000)
  assert.equal(shown(conditions), ['Running True 02 01'])
  conditions = addCondition(conditions, notReady, 3000)
  assert.equal(shown(conditions), ['Running False 03 01'])
  conditions = addCondition(conditions, updating, 4000)
  assert.equal(shown(conditions), ['BlueGreenUpdating True 04 04', 'Running False 03 01'])
  conditions = addCondition(conditions, ready, 5000)
  assert.equal(shown(conditions), ['Running True 05 05', 'BlueGreenUpdating True 04 04'])
})

test('suffixes: FNV-1a, in an alphabet that spells no words, another one for each collision', () => {
  assert.is(safeEncode('1234567890'), '56789bcdf4')
  assert.is(fnv32a(Buffer.from('foobar')), 0xbf9cf968)
  const template = { spec: { containers: [{ image: 'emqx/emqx-ee:4.4.14' }] } }
  const suffixes = [0, 1, 2].map((collisions) => templateSuffix(template, collisions))
  for (const suffix of suffixes) assert.match(suffix, /^[4-9bcdf]{1,10}$/)
  assert.is(new Set(suffixes).size, 3)
  assert.is(templateSuffix(structuredClone(template), 0), suffixes[0])
})

test.run()
