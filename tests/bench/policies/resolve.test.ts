import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ReconnectPolicy } from '#weir/bench/policies/policy.ts'
import { resolvePolicy } from '#weir/bench/policies/resolve.ts'
import type { ReconnectSpec } from '#weir/bench/types.ts'
import { WeirError } from '#weir/errors/index.ts'

const half = () => 0.5

function waits(policy: ReconnectPolicy, count: number, random = half): (number | 'stop')[] {
  let lastMs = 0
  return Array.from({ length: count }, (_, i) => {
    const wait = policy.nextWait(i + 1, lastMs, random)
    if (wait !== 'stop') lastMs = wait
    return wait
  })
}

const TABLE: [string, ReconnectSpec, (number | 'stop')[]][] = [
  ['fixed', { kind: 'fixed', baseMs: 700 }, [700, 700, 700]],
  ['fixed with tries', { kind: 'fixed', baseMs: 700, tries: 2 }, [700, 700, 'stop']],
  ['no reconnect at all', { kind: 'fixed', baseMs: 0, tries: 0 }, ['stop']],
  ['fixed with full jitter', { kind: 'fixed', baseMs: 700, jitter: 'full' }, [350, 350]],
  ['exponential', { kind: 'exponential', baseMs: 100 }, [100, 200, 400, 800]],
  [
    'a factor of three and a cap',
    { kind: 'exponential', baseMs: 100, factor: 3, capMs: 500 },
    [100, 300, 500, 500],
  ],
  ['full jitter', { kind: 'exponential', baseMs: 100, jitter: 'full' }, [50, 100, 200]],
  ['equal jitter', { kind: 'exponential', baseMs: 100, jitter: 'equal' }, [75, 150, 300]],
  ['plus or minus', { kind: 'exponential', baseMs: 100, jitter: { plusMinus: 0.5 } }, [100, 200, 400]],
  // base + (3·last − base)/2, and 3·base the first time.
  ['decorrelated jitter', { kind: 'exponential', baseMs: 100, jitter: 'decorrelated' }, [200, 350, 575]],
  [
    'decorrelated, capped',
    { kind: 'exponential', baseMs: 100, capMs: 300, jitter: 'decorrelated' },
    [200, 300, 300],
  ],
  ['fixed that decorrelates', { kind: 'fixed', baseMs: 100, jitter: 'decorrelated' }, [200, 350]],
]

for (const [what, spec, expected] of TABLE)
  test(`${what}: ${expected.join(', ')}`, () => {
    assert.equal(waits(resolvePolicy(spec), expected.length), expected)
  })

test('plus or minus a quarter reaches both ends', () => {
  const policy = resolvePolicy({ kind: 'exponential', baseMs: 100, jitter: { plusMinus: 0.25 } })
  assert.is(
    policy.nextWait(1, 0, () => 0),
    75,
  )
  assert.ok(Math.abs((policy.nextWait(1, 0, () => 1 - 2 ** -32) as number) - 125) < 0.001)
})

test('a preset has its name, a shape that of its kind', () => {
  assert.is(resolvePolicy({ preset: 'paho-java' }).name, 'paho-java')
  assert.is(resolvePolicy({ kind: 'exponential', baseMs: 1 }).name, 'exponential')
})

function refusal(spec: ReconnectSpec): WeirError {
  try {
    resolvePolicy(spec)
  } catch (error) {
    assert.instance(error, WeirError)
    return error as WeirError
  }
  throw new Error(`${JSON.stringify(spec)} was accepted`)
}

test('an unknown preset is refused with the list of those there are', () => {
  for (const preset of ['paho-jaba', 'toString', '']) {
    const { code, message } = refusal({ preset })
    assert.is(code, 'WEIR_USAGE')
    assert.match(message, 'paho-java')
  }
})

test('numbers that make no sense are refused by name', () => {
  assert.match(refusal({ kind: 'fixed', baseMs: -1 }).message, 'baseMs')
  assert.match(refusal({ kind: 'fixed', baseMs: Number.NaN }).message, 'baseMs')
  assert.match(refusal({ kind: 'exponential', baseMs: 1, factor: 0.5 }).message, 'factor')
  assert.match(refusal({ kind: 'exponential', baseMs: 1, tries: -2 }).message, 'tries')
})

test.run()
