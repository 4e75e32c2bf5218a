import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { restartDelayMs } from '#weir/testbed/kubelet/restart.ts'

test('a container starts again at once, then after 10 s, doubled up to 5 minutes', () => {
  const delays: number[] = []
  let failures = 0
  for (let end = 0; end < 8; end++) {
    const next = restartDelayMs(failures, 1000)
    delays.push(next.delayMs)
    failures = next.failures
  }
  assert.equal(delays, [0, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000])
})

test('one that ran for ten minutes starts as if it had never failed', () => {
  assert.equal(restartDelayMs(7, 600_000), { delayMs: 0, failures: 1 })
  assert.equal(restartDelayMs(7, 599_999), { delayMs: 300_000, failures: 8 })
})

test.run()
