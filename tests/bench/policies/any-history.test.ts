/** Whatever happens to a client, its waits stay within what its policy promises. */

import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LossBook } from '#weir/bench/policies/loss-book.ts'
import type { ReconnectPolicy, Wait } from '#weir/bench/policies/policy.ts'
import { PRESET_NAMES, type PresetName } from '#weir/bench/policies/presets.ts'
import { resolvePolicy } from '#weir/bench/policies/resolve.ts'
import type { ReconnectSpec } from '#weir/bench/types.ts'
import type { ClientEventReason } from '#weir/facts/index.ts'

interface Ending {
  reason: ClientEventReason
  /** -1: it never was connected. */
  connectedMs: number
  random: number
}

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const ending: fc.Arbitrary<Ending> = fc.record({
  reason: fc.constantFrom<ClientEventReason>(
    'closed',
    'reset',
    'connack',
    'connection-refused',
    'disconnect-packet',
  ),
  connectedMs: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 120_000 })),
  random,
})

/** The waits of one client of two, as an engine asks for them; the other one's losses lie in between. */
function waits(policy: ReconnectPolicy, endings: Ending[]): Wait[] {
  const book = new LossBook(policy, 2)
  const list: Wait[] = []
  let nowMs = 0
  let attempt = 0
  let lastMs = 0
  for (const { reason, connectedMs, random: drawn } of endings) {
    if (connectedMs >= 0) {
      book.connected(1, nowMs)
      nowMs += connectedMs
      attempt = 0
      lastMs = 0
    }
    policy.nextWait(++attempt, lastMs, () => drawn, book.lost(0, nowMs, 'reset'))
    const wait = policy.nextWait(attempt, lastMs, () => drawn, book.lost(1, nowMs, reason))
    list.push(wait)
    if (wait === 'stop') break
    lastMs = wait
    nowMs += wait
  }
  return list
}

/** The longest wait and the attempts of each preset, as docs/reconnect-policies.md says. */
const LIMITS: Record<PresetName, { longestMs: number; tries?: number }> = {
  mqttjs: { longestMs: 1000 },
  'mqttjs-as-is': { longestMs: 1000 },
  'mqttx-bench': { longestMs: 1000, tries: 10 },
  'mqttx-bench-as-is': { longestMs: 1000, tries: 10 },
  emqtt: { longestMs: 5000 },
  'emqtt-bench': { longestMs: 0, tries: 0 },
  'paho-java': { longestMs: 128_000 },
  'paho-python': { longestMs: 120_000 },
  'paho-go': { longestMs: 600_000 },
  'paho-go-v5': { longestMs: 10_000 },
  'paho-c': { longestMs: 72_000 },
  'hivemq-java': { longestMs: 150_000 },
  mosquitto: { longestMs: 1000 },
  'aws-iot': { longestMs: 120_000 },
  'aws-embedded-c': { longestMs: 128_000, tries: 4 },
  'esp-mqtt': { longestMs: 10_000 },
  rumqttc: { longestMs: 0 },
  'azure-iot-ops': { longestMs: 60_000 },
  'naive-immediate': { longestMs: 0 },
}

for (const name of PRESET_NAMES)
  test(`${name}: never less than 0, never more than its longest wait, and no more tries than it has`, () => {
    const { longestMs, tries } = LIMITS[name]
    fc.assert(
      fc.property(fc.array(ending, { minLength: 1, maxLength: 40 }), (endings) => {
        const list = waits(resolvePolicy({ preset: name }), endings)
        let since = 0
        for (const [i, wait] of list.entries()) {
          since = endings[i]!.connectedMs >= 0 ? 1 : since + 1
          if (wait === 'stop') continue
          assert.ok(wait >= 0 && wait <= longestMs, `${wait}`)
          assert.ok(since <= (tries ?? Number.POSITIVE_INFINITY), `attempt ${since}`)
        }
      }),
    )
  })

for (const name of ['paho-go', 'aws-iot'] as const)
  test(`${name}: what happens to one client says nothing of another`, () => {
    fc.assert(
      fc.property(fc.array(ending, { minLength: 1, maxLength: 20 }), (endings) => {
        const policy = resolvePolicy({ preset: name })
        assert.equal(waits(policy, endings), waits(policy, endings), 'a policy keeps nothing itself')
      }),
    )
  })

const jitter = fc.oneof(
  fc.constantFrom('none' as const, 'full' as const, 'equal' as const, 'decorrelated' as const),
  fc.record({ plusMinus: fc.double({ min: 0, max: 1, noNaN: true }) }),
)
const custom = fc.record(
  {
    kind: fc.constantFrom('fixed' as const, 'exponential' as const),
    baseMs: fc.integer({ min: 0, max: 5000 }),
    capMs: fc.integer({ min: 5000, max: 60_000 }),
    factor: fc.double({ min: 1, max: 4, noNaN: true }),
    jitter,
    tries: fc.integer({ min: 0, max: 10 }),
  },
  { requiredKeys: ['kind', 'baseMs', 'jitter'] },
)

test('custom policies: within [0, cap × (1 + jitter)], and no more tries than given', () => {
  fc.assert(
    fc.property(custom, fc.array(ending, { minLength: 1, maxLength: 40 }), (spec, endings) => {
      const widened = typeof spec.jitter === 'object' ? 1 + spec.jitter.plusMinus : 1
      const capMs = spec.capMs ?? 120_000
      const list = waits(resolvePolicy(spec as ReconnectSpec), endings)
      let since = 0
      for (const [i, wait] of list.entries()) {
        since = endings[i]!.connectedMs >= 0 ? 1 : since + 1
        const spent = since > (spec.tries ?? Number.POSITIVE_INFINITY)
        assert.is(wait === 'stop', spent, `attempt ${since}`)
        if (wait !== 'stop') assert.ok(wait >= 0 && wait <= capMs * widened + 1e-6, `${wait}`)
      }
    }),
    { numRuns: 500 },
  )
})

test('jitter is monotone in what is drawn, so that the ends of [0, 1) give the ends of the wait', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PRESET_NAMES),
      fc.integer({ min: 1, max: 12 }),
      random,
      random,
      (preset, attempt, a, b) => {
        const { nextWait } = resolvePolicy({ preset })
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((drawn) =>
          nextWait(attempt, 1000, () => drawn),
        )
        if (low === 'stop' || high === 'stop') assert.is(low, high)
        // Its jitter is drawn downwards.
        else if (preset === 'azure-iot-ops') assert.ok(low! >= high!)
        else assert.ok(low! <= high!)
      },
    ),
  )
})

test.run()
