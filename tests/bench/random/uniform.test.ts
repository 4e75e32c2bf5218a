import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { uniform } from '#weir/bench/random/uniform.ts'

const DRAWS = 20_000

function moments(numbers: number[]): { mean: number; variance: number } {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length
  return { mean, variance: numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length }
}

function looksUniform(numbers: number[], what: string): void {
  const { mean, variance } = moments(numbers)
  // Five standard errors: fixed inputs, so this either always holds or never does.
  assert.ok(Math.abs(mean - 0.5) < 5 * Math.sqrt(1 / 12 / numbers.length), `${what}: mean ${mean}`)
  assert.ok(Math.abs(variance - 1 / 12) < 0.003, `${what}: variance ${variance}`)
  const deciles = Array.from({ length: 10 }, () => 0)
  for (const x of numbers) deciles[Math.floor(x * 10)]!++
  const expected = numbers.length / 10
  const chiSquare = deciles.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // 99.9 % quantile with 9 degrees of freedom is 27.9.
  assert.ok(chiSquare < 27.9, `${what}: deciles ${deciles.join(' ')}`)
}

test('the draws of one client are uniform', () => {
  looksUniform(
    Array.from({ length: DRAWS }, (_, draw) => uniform(1, 5, draw)),
    'one client',
  )
})

test('the first draws of neighbouring clients are uniform, and so are those of neighbouring seeds', () => {
  looksUniform(
    Array.from({ length: DRAWS }, (_, client) => uniform(1, client, 0)),
    'clients',
  )
  looksUniform(
    Array.from({ length: DRAWS }, (_, seed) => uniform(seed, 0, 0)),
    'seeds',
  )
})

test('neighbours are not correlated', () => {
  for (const pair of [
    (i: number) => [uniform(3, i, 0), uniform(3, i + 1, 0)],
    (i: number) => [uniform(3, 9, i), uniform(3, 9, i + 1)],
    (i: number) => [uniform(3, i, 0), uniform(3, i, 1)],
  ]) {
    const pairs = Array.from({ length: DRAWS }, (_, i) => pair(i))
    const covariance = pairs.reduce((sum, [x, y]) => sum + (x! - 0.5) * (y! - 0.5), 0) / DRAWS
    assert.ok(Math.abs(covariance * 12) < 0.04, `correlation ${covariance * 12}`)
  }
})

test('nothing but the three arguments decides, and each of them does', () => {
  assert.is(uniform(1, 2, 3), uniform(1, 2, 3))
  const others = [uniform(2, 2, 3), uniform(1, 3, 3), uniform(1, 2, 4), uniform(1 + 2 ** 32, 2, 3)]
  assert.is(new Set([uniform(1, 2, 3), ...others]).size, 5)
})

test.run()
