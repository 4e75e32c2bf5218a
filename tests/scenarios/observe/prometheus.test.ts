import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type PrometheusApi, PrometheusError } from '#weir/cluster/index.ts'
import type { Scrape } from '#weir/facts/index.ts'
import { readPrometheus } from '#weir/scenarios/observe/prometheus.ts'
import { fakeRun, pod } from '../fake-run.ts'

/** Its clock is so far ahead of the run's, unless a test sets it. */
const AHEAD_SECONDS = 100
const S = 1e9

/** How long a request for the time is on its way there, and back, in seconds. */
type Delay = readonly [there: number, back: number]

/** A Prometheus that has scraped `a-0` at these seconds of its own clock; its answers to the first requests may be errors. */
function canned(
  scrapedAt: readonly number[],
  run: { nowNs: number; aheadSeconds: number },
  errors: Error[] = [],
  delays: readonly Delay[] = [],
) {
  let requests = 0
  const asked: { fromUnixMs: number; toUnixMs: number }[] = []
  const labels = { namespace: 'default', pod: 'a-0' }
  const api: PrometheusApi = {
    url: 'http://prometheus.test',
    async now() {
      const error = errors.shift()
      if (error) throw error
      const [there, back] = delays[requests++] ?? [0, 0]
      run.nowNs += there * S
      const unixMs = (run.nowNs / S + run.aheadSeconds) * 1000
      run.nowNs += back * S
      return unixMs
    },
    async range(_query, { fromUnixMs, toUnixMs }) {
      asked.push({ fromUnixMs, toUnixMs })
      const steps = Array.from(
        { length: Math.floor((toUnixMs - fromUnixMs) / 1000) + 1 },
        (_, i) => fromUnixMs / 1000 + i,
      )
      const times = steps.flatMap((step) => {
        const last = scrapedAt.findLast((t) => t <= step)
        return last === undefined ? [] : [[step, last] as const]
      })
      const of = (name: string, value: number) => ({
        labels: { ...labels, __name__: name },
        values: times.map(([step]) => [step, value] as const),
      })
      return [
        { labels: { ...labels, weir_scrape: 'time' }, values: times },
        of('up', 1),
        of('scrape_duration_seconds', 0.5),
        of('emqx_connections_count', 7),
      ]
    },
  }
  return { api, asked }
}

function started(scrapedAt: readonly number[], errors: Error[] = [], delays: readonly Delay[] = []) {
  const run = Object.assign(fakeRun(), { aheadSeconds: AHEAD_SECONDS })
  const prometheus: Scrape[] = []
  Object.assign(run.record, { prometheus: (scrape: Scrape) => void prometheus.push(scrape) })
  const { api, asked } = canned(scrapedAt, run, errors, delays)
  run.observe(pod('a-0'))
  return { run, prometheus, asked, reading: readPrometheus(run, api) }
}

test('scrapes are recorded once, on the run’s own clock, with the node of their pod', async () => {
  const { run, prometheus, reading } = started([95, 110, 120, 130])
  run.nowNs = 40 * S
  await reading.stop()
  assert.equal(
    prometheus.map(({ t, tookNs }) => [Math.round(t / 1e8), tookNs / 1e9]),
    [
      [105, 0.5],
      [205, 0.5],
      [305, 0.5],
    ],
    'the scrape from before the run is none of it',
  )
  assert.equal(prometheus[0]?.metrics, { emqx_connections_count: 7 })
  assert.is(prometheus[0]?.node, 'emqx-ee@a-0')
  const [event] = run.of('prometheus')
  assert.is(event?.scrapes, 3)
  assert.is(Math.round((event?.clockAheadMs ?? 0) / 1000), AHEAD_SECONDS)
})

test('a pod that is gone when the Prometheus is read is asked for too', async () => {
  const { run, prometheus, reading } = started([110])
  run.observe(pod('a-0', { deleted: true }))
  run.nowNs = 20 * S
  await reading.stop()
  assert.is(prometheus[0]?.node, 'emqx-ee@a-0')
})

test('a long time is read in parts', async () => {
  const { run, asked, prometheus, reading } = started([110, 2000])
  run.nowNs = 2000 * S
  await reading.stop()
  assert.is(asked.length, 3)
  for (const { fromUnixMs, toUnixMs } of asked) assert.ok(toUnixMs - fromUnixMs < 900_000)
  assert.is(prometheus.length, 2)
})

test('a failure is an event with its reason, and nothing is recorded in its place', async () => {
  const { run, prometheus, reading } = started([110], [new PrometheusError('it does not answer', 503)])
  run.nowNs = 40 * S
  await reading.stop()
  assert.equal(prometheus, [])
  const [failure, ...others] = run.of('api-failure')
  assert.equal(others, [])
  assert.equal(
    [failure?.api, failure?.via, failure?.status, failure?.error],
    ['prometheus', 'http://prometheus.test', 503, 'it does not answer'],
  )
})

test('the comparison of the clocks with the shortest round trip of the run is kept', async () => {
  const delays: Delay[] = [
    [3, 0],
    [0.2, 0],
    [0.9, 0],
    [9, 0],
  ]
  const { run, prometheus, reading } = started([110, 150, 190], [], delays)
  for (const seconds of [40, 80, 120]) {
    run.nowNs = seconds * S
    await reading.stop()
  }
  assert.equal(
    prometheus.map(({ t }) => Math.round(t / 1e8)),
    [104, 504, 904],
    'the answer after 3 s counts for nothing; that after 0.2 s is 0.1 s off',
  )
  assert.equal(
    run.of('prometheus').map(({ clockAheadMs, clockErrorMs }) => [clockAheadMs, clockErrorMs]),
    Array(3).fill([AHEAD_SECONDS * 1000 + 100, 101]),
  )
  assert.equal(run.of('api-failure'), [])
})

test('a clock that was set is compared anew', async () => {
  const { run, prometheus, reading } = started([110, 250], [])
  run.nowNs = 40 * S
  await reading.stop()
  run.nowNs = 80 * S
  run.aheadSeconds = 200
  await reading.stop()
  assert.equal(
    prometheus.map(({ t }) => Math.round(t / 1e8)),
    [105, 505],
  )
})

test('a Prometheus that always takes long to say its time gives no reading, with the reason', async () => {
  const { run, prometheus, reading } = started([110], [], Array(9).fill([5, 0]))
  run.nowNs = 40 * S
  await reading.stop()
  assert.equal(prometheus, [])
  assert.equal(run.of('prometheus'), [])
  assert.match(run.of('api-failure')[0]?.error ?? '', /took 5\.0 s to say its time/)
})

test('a Prometheus that does not scrape the pods is told how it must', async () => {
  const { run, reading } = started([])
  run.nowNs = 40 * S
  await reading.stop()
  const [failure] = run.of('api-failure')
  assert.match(failure?.error ?? '', /has no scrape of the pods of emqx-ee: .*namespace="default" and pod/)
})

test.run()
