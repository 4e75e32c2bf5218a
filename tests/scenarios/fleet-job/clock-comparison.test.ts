import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clockReading, correctionMs } from '#weir/scenarios/fleet-job/clock-comparison.ts'

const trip = (sentMs: number, podMs: number, receivedMs: number) => ({ sentMs, podMs, receivedMs })

test('the quickest round trip counts, and half of it is the error', () => {
  const reading = clockReading([trip(0, 100, 80), trip(200, 290, 260), trip(300, 351, 304)])
  assert.equal(reading, { aheadMs: 49, errorMs: 2, tookMs: 4, trips: 3 })
})

test('clocks may have parted while slower trips followed the quickest', () => {
  const reading = clockReading([trip(0, 100, 80), trip(100, 151, 104), trip(200, 9000, 10_104)])
  assert.equal(reading, { aheadMs: 49, errorMs: 2 + 10, tookMs: 4, trips: 3 })
})

test('wherever in its trip a pod reads its clock, the truth is within the error', () => {
  for (const aheadMs of [-3, 0, 0.4, 25])
    for (const [toMs, backMs] of [
      [0, 8],
      [8, 0],
      [1, 2],
      [40, 40],
    ] as const) {
      const reading = clockReading([trip(10, 10 + toMs + aheadMs, 10 + toMs + backMs)])
      assert.ok(Math.abs(reading.aheadMs - aheadMs) <= reading.errorMs + 1e-9)
    }
})

test('what the error explains is not corrected', () => {
  assert.is(correctionMs({ aheadMs: 1.9, errorMs: 2, tookMs: 4, trips: 1 }), 0)
  assert.is(correctionMs({ aheadMs: -2.1, errorMs: 2, tookMs: 4, trips: 1 }), -2.1)
})

test.run()
