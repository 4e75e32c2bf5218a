import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { arrivalOf, scheduleOf } from '#weir/bench/command/arrival.ts'
import { refused } from './refused.ts'

test('one of -i, --rate and --schedule; -i 10 without any', () => {
  assert.equal(arrivalOf({}), { kind: 'interval', everyMs: 10 })
  assert.equal(arrivalOf({ interval: 0 }), { kind: 'interval', everyMs: 0 })
  assert.equal(arrivalOf({ rate: 500 }), { kind: 'rate', perSecond: 500 })
  assert.equal(arrivalOf({ schedule: 'spike' }), { kind: 'spike' })
  refused(
    () => arrivalOf({ interval: 10, schedule: 'spike' }),
    '--interval and --schedule cannot be combined',
  )
})

test('every kind of schedule', () => {
  assert.equal(scheduleOf('interval:2.5'), { kind: 'interval', everyMs: 2.5 })
  assert.equal(scheduleOf('interval:10ms'), { kind: 'interval', everyMs: 10 })
  assert.equal(scheduleOf('rate:100'), { kind: 'rate', perSecond: 100 })
  assert.equal(scheduleOf('poisson:200'), { kind: 'poisson', perSecond: 200 })
  assert.equal(scheduleOf('ramp:0-500/60s'), {
    kind: 'ramp',
    fromPerSecond: 0,
    toPerSecond: 500,
    overSeconds: 60,
  })
  assert.equal(scheduleOf('step:100/10, 500/30'), {
    kind: 'step',
    steps: [
      { perSecond: 100, forSeconds: 10 },
      { perSecond: 500, forSeconds: 30 },
    ],
  })
})

for (const text of [
  '',
  'rate',
  'rate:',
  'rate:fast',
  'rate:1.2.3',
  'rate:-5',
  'rate:1:2',
  'spike:3',
  'ramp:5/3',
  'ramp:0-5',
  'step:',
  'step:100',
  'step:100/10,',
  'burst:3',
])
  test(`"${text}" is no schedule, and the refusal shows what is`, () => {
    refused(() => scheduleOf(text), 'poisson:200')
  })

test.run()
