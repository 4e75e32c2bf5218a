/** Quantities of Kubernetes and what is made of them: comparisons and words. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  differences,
  exceeding,
  quantityOf,
  readResources,
  resourcesText,
  sameResources,
} from '#weir/facts/index.ts'

test('quantities are read as Kubernetes reads them', () => {
  const read: [string | number, number | undefined][] = [
    ['500m', 0.5],
    ['0.5', 0.5],
    [2, 2],
    ['100m', 0.1],
    ['.5', 0.5],
    ['1Gi', 2 ** 30],
    ['1G', 1e9],
    ['128974848', 128974848],
    ['129e6', 129e6],
    ['1E3', 1000],
    ['1E', 1e18],
    ['10k', 10_000],
    ['5u', 5e-6],
    ['two', undefined],
    ['', undefined],
    ['1GB', undefined],
    ['1 Gi', undefined],
    ['1K', undefined],
  ]
  for (const [text, value] of read) assert.is(quantityOf(text), value, `${text}`)
})

const size = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { cpu, memory } })

test('resources are the same however they are written', () => {
  assert.ok(sameResources(size('500m', '1Gi'), size('0.5', '1024Mi')))
  assert.not.ok(sameResources(size('500m', '1Gi'), size('500m', '1G')))
  assert.not.ok(sameResources({}, size('1', '1Gi')))
  assert.ok(sameResources({}, {}))
})

test('what differs and what exceeds is said in figures', () => {
  assert.equal(differences(size('500m', '1Gi'), { requests: { cpu: '1', memory: '1Gi' } }), [
    'requests cpu 500m instead of 1',
    'limits cpu 500m instead of none',
    'limits memory 1Gi instead of none',
  ])
  assert.is(exceeding(size('4', '1Gi'), size('2', '2Gi')), 'requests cpu 4 exceeds 2')
  assert.is(exceeding(size('2', '1Gi'), size('2', '2Gi')), undefined)
  assert.is(exceeding(size('2', '1Gi'), {}), undefined, 'no figure is exceeded by nothing')
})

test('a raw container is read, whatever it holds', () => {
  assert.equal(readResources({ requests: { cpu: '1', 'x/y': '2' }, limits: null }), {
    requests: { cpu: '1' },
  })
  for (const raw of [undefined, null, {}, [], 'none', { requests: { cpu: {} } }, { limits: 7 }])
    assert.equal(readResources(raw), {}, JSON.stringify(raw))
  assert.is(resourcesText({}), 'neither requests nor limits')
  assert.is(
    resourcesText({ requests: { cpu: '200m', memory: '500Mi' }, limits: { cpu: 1 } }),
    'requests cpu 200m and memory 500Mi, limits cpu 1',
  )
})

test.run()
