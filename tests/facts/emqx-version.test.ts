import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compareVersions, sameVersion, tellsVersion } from '#weir/facts/index.ts'

test('a tag that is EMQX’s names its version, with whatever follows', () => {
  for (const tag of ['5.8.7', 'e5.8.7', 'v5.8.7', '5.8.7-acme.3', '5.8.7-alpine', '5.8', '5.8-elixir']) {
    assert.is(tellsVersion(tag), true, tag)
    assert.is(sameVersion('5.8.7', tag), true, tag)
    assert.is(sameVersion('5.9.7', tag), false, tag)
  }
  assert.is(sameVersion('4.4.14', '4.4.1'), false)
  assert.is(sameVersion('5.80.1', '5.8'), false)
})

test('a tag of somebody’s own has no version', () => {
  for (const tag of [
    'acme-1.4.2',
    '2024.11.05',
    '20241105',
    '1.4.2',
    '5f3c9a1',
    '4d5e6f7',
    '5',
    'latest',
    '45.1.2',
  ])
    assert.is(tellsVersion(tag), false, tag)
})

test('versions are compared by numbers, as far as both say', () => {
  const signs = (pairs: [string, string][]) =>
    pairs.map(([one, other]) => Math.sign(compareVersions(one, other) ?? Number.NaN))
  assert.equal(
    signs([
      ['4.4.9', '4.4.10'],
      ['5.8.10', '5.8.9'],
      ['4.4.19', '5.0.0'],
      ['e5.8.9', '5.8.9-alpine'],
      ['5.8', '5.8.9'],
    ]),
    [-1, 1, -1, 0, 0],
  )
  assert.is(compareVersions('latest', '5.8.9'), undefined)
  assert.is(compareVersions('5.8.9', 'acme-1.4.2'), undefined)
})

test.run()
