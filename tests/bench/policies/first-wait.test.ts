import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PRESET_NAMES } from '#weir/bench/policies/presets.ts'
import { firstWait, resolvePolicy } from '#weir/bench/policies/resolve.ts'

const TABLE: [string, { minMs: number; maxMs: number }][] = [
  ['mqttjs', { minMs: 1000, maxMs: 1000 }],
  ['emqtt', { minMs: 5000, maxMs: 5000 }],
  ['paho-go', { minMs: 0, maxMs: 0 }],
  ['paho-c', { minMs: 0, maxMs: 1000 }],
  ['hivemq-java', { minMs: 750, maxMs: 1250 }],
  ['aws-iot', { minMs: 0, maxMs: 1000 }],
  ['emqtt-bench', { minMs: 0, maxMs: 0 }],
]

for (const [preset, expected] of TABLE)
  test(`${preset}: from ${expected.minMs} to ${expected.maxMs} ms`, () => {
    assert.equal(firstWait({ preset }), expected)
  })

test('a custom policy, given as a spec or resolved', () => {
  const spec = { kind: 'exponential', baseMs: 400, jitter: 'equal' } as const
  assert.equal(firstWait(spec), { minMs: 200, maxMs: 400 })
  assert.equal(firstWait(resolvePolicy(spec)), { minMs: 200, maxMs: 400 })
})

test('evicted three times in a row: what doubles does so, the others wait as ever', () => {
  assert.equal(firstWait({ preset: 'aws-iot' }, 3), { minMs: 0, maxMs: 4000 })
  assert.equal(firstWait({ preset: 'paho-go' }, 3), { minMs: 0, maxMs: 2000 })
  for (const preset of PRESET_NAMES)
    if (resolvePolicy({ preset }).notes === undefined)
      assert.equal(firstWait({ preset }, 3), firstWait({ preset }), preset)
})

test('whatever a preset draws first lies within', () => {
  for (const preset of PRESET_NAMES) {
    const { nextWait } = resolvePolicy({ preset })
    const { minMs, maxMs } = firstWait({ preset })
    for (let i = 0; i < 200; i++) {
      const wait = nextWait(1, 0, () => i / 200)
      assert.ok(wait === 'stop' || (wait >= minMs && wait <= maxMs), `${preset}: ${wait}`)
    }
  }
})

test.run()
