import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Series } from '#weir/cluster/prometheus/api.ts'
import { scrapedQuery, scrapesOf } from '#weir/cluster/prometheus/scraped.ts'

const target = (pod: string, more: Record<string, string> = {}) => ({
  container: 'emqx',
  instance: `${pod}:18083`,
  job: 'default/emqx',
  namespace: 'default',
  pod,
  ...more,
})

/** Values at the steps from 100 s on, one a second; undefined leaves a step out. */
const at = (values: readonly (number | undefined)[]): Series['values'] =>
  values.flatMap((value, i) => (value === undefined ? [] : [[100 + i, value] as const]))

const series = (labels: Record<string, string>, values: readonly (number | undefined)[]): Series => ({
  labels,
  values: at(values),
})

/** A target scraped at 99.5 s and 102.25 s. */
const times = (labels: Record<string, string>) =>
  series({ ...labels, weir_scrape: 'time' }, [99.5, 99.5, 99.5, 102.25])
const up = (labels: Record<string, string>, ...values: number[]) =>
  series({ ...labels, __name__: 'up' }, values)
const gauge = (labels: Record<string, string>, ...values: (number | undefined)[]) =>
  series({ ...labels, __name__: 'emqx_connections_count' }, values)

test('each scrape comes once, at its own time and not at that of a step', () => {
  const a = target('a-0')
  const scrapes = scrapesOf([
    times(a),
    up(a, 1, 1, 1, 1),
    series({ ...a, __name__: 'scrape_duration_seconds' }, [0.25, 0.25, 0.25, 0.5]),
    gauge(a, 7, 7, 7, 9),
  ])
  assert.equal(scrapes, [
    { pod: 'a-0', atUnixMs: 99_500, tookSeconds: 0.25, ok: true, metrics: { emqx_connections_count: 7 } },
    { pod: 'a-0', atUnixMs: 102_250, tookSeconds: 0.5, ok: true, metrics: { emqx_connections_count: 9 } },
  ])
})

test('a scrape that failed has no metrics: nothing of the one before is repeated', () => {
  const a = target('a-0')
  const [first, second] = scrapesOf([times(a), up(a, 1, 1, 1, 0), gauge(a, 7, 7, 7, 7)])
  assert.is(first?.ok, true)
  assert.equal([second?.ok, second?.metrics], [false, {}])
})

test('a target that vanished leaves nothing behind, and a value that is no number is left out', () => {
  const a = target('a-0')
  const marks = series({ ...a, weir_scrape: 'time' }, [99.5, undefined, undefined, 102.25])
  assert.is(scrapesOf([marks, up(a, 1, 1, 1, 1), gauge(a, 7, 7, 7, Number.NaN)]).length, 1)
  assert.equal(scrapesOf([]), [])
  assert.equal(scrapesOf([gauge(a, 7)]), [], 'without "up" nothing says when it was')
})

test('series with labels of their own belong to something else', () => {
  const a = target('a-0')
  const listener = gauge({ ...a, listener: 'tcp' }, 1, 1, 1, 1)
  const [own] = scrapesOf([times(a), up(a, 1, 1, 1, 1), listener, gauge(a, 7, 7, 7, 7)])
  assert.equal(own?.metrics, { emqx_connections_count: 7 })
  const two = [gauge({ ...a, node: 'x' }, 1, 1, 1, 1), gauge({ ...a, node: 'y' }, 2, 2, 2, 2)]
  assert.equal(scrapesOf([times(a), up(a, 1, 1, 1, 1), ...two]), [], 'which of them is the pod’s?')
  const relabelled = gauge({ ...a, team: 'iot' }, 5, 5, 5, 5)
  assert.equal(scrapesOf([times(a), up(a, 1, 1, 1, 1), relabelled])[0]?.metrics, {
    emqx_connections_count: 5,
  })
})

test('two jobs that scrape one pod count once; another container of the pod does not count', () => {
  const [one, two] = [target('a-0', { job: 'b' }), target('a-0', { job: 'a' })]
  const sidecar = target('a-0', { container: 'reloader', job: '0' })
  const scrapes = scrapesOf([
    ...[one, two, sidecar].flatMap((labels) => [times(labels), up(labels, 1, 1, 1, 1)]),
    gauge(one, 1, 1, 1, 1),
    gauge(two, 2, 2, 2, 2),
  ])
  assert.equal(
    scrapes.map(({ metrics }) => metrics.emqx_connections_count),
    [2, 2],
  )
  const failing = scrapesOf([times(one), up(one, 0, 0, 0, 0)])
  assert.equal(
    failing.map(({ ok }) => ok),
    [false, false],
  )
})

test('a pod made again under its name is scraped at another address: both count', () => {
  const [old, young] = [
    target('a-0', { instance: '10.0.0.9:18083' }),
    target('a-0', { instance: '10.0.0.1:18083' }),
  ]
  const none = [undefined, undefined]
  const scrapes = scrapesOf([
    series({ ...old, weir_scrape: 'time' }, [99.5, 100.5, ...none]),
    series({ ...young, weir_scrape: 'time' }, [...none, 101.75, 102.75]),
    ...[old, young].map((labels) => up(labels, 1, 1, 1, 1)),
    gauge(old, 1, 2, ...none),
    gauge(young, ...none, 3, 4),
  ])
  assert.equal(
    scrapes.map(({ metrics }) => metrics.emqx_connections_count),
    [1, 2, 3, 4],
  )
})

test('the query names pods and namespace literally', () => {
  const query = scrapedQuery('my"space', ['a.b-0', 'c-1'])
  assert.match(query, 'namespace="my\\"space"')
  assert.match(query, 'pod=~"a\\\\.b-0|c-1"')
  assert.match(query, /^label_replace\(timestamp\(up\{/)
  assert.match(query, /\|emqx_connections_count\|/)
})

test.run()
