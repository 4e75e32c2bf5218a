import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { reconnectOf } from '../../cli/plan/reconnect.ts'

test('a client library, or numbers', () => {
  assert.equal(reconnectOf('paho-java'), { preset: 'paho-java' })
  assert.equal(reconnectOf('fixed:5s'), { kind: 'fixed', baseMs: 5000 })
  assert.equal(reconnectOf('exponential:250ms-2m'), { kind: 'exponential', baseMs: 250, capMs: 120_000 })
  assert.equal(reconnectOf('exponential:1s-30s,full'), {
    ...{ kind: 'exponential', baseMs: 1000, capMs: 30_000, jitter: 'full' },
  })
})

test('what is neither is refused', () => {
  for (const text of [
    'fixed:',
    'fixed:1s-2s',
    'exponential:1s',
    'exponential:1s-2s,some',
    'linear:1s',
    'fixed:5',
  ])
    assert.throws(() => reconnectOf(text), /--reconnect/, text)
})

test.run()
