import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EventCorrelator } from '#weir/testbed/runtime/event-correlator.ts'
import { VirtualClock } from './virtual-clock.ts'

const evacuate = (message: string) => ({ type: 'Normal', reason: 'Evacuate', message }) as const

test('the tenth different message of one reason stands for all that follow', () => {
  const correlator = new EventCorrelator(new VirtualClock())
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
  const correlator = new EventCorrelator(new VirtualClock())
  const first = correlator.correlate('cr', evacuate('a'))
  assert.is(first.what, 'create')
  if (first.what === 'create') correlator.created(first.key, 'event-1')
  const again = correlator.correlate('cr', evacuate('a'))
  assert.equal(again.what === 'count' && [again.name, again.count], ['event-1', 2])
  assert.is(correlator.correlate('cr', { ...evacuate('a'), reason: 'Other' }).what, 'create')
})

test('an object that complains without end is heard 25 times, then once in five minutes', async () => {
  const clock = new VirtualClock()
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

test.run()
