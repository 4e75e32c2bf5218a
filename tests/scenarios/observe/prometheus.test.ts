import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type PrometheusApi, PrometheusError } from '#weir/cluster/index.ts'
import type { Scrape } from '#weir/facts/index.ts'
import { readPrometheus } from '#weir/scenarios/observe/prometheus.ts'
import { fakeRun, pod } from '../fake-run.ts'

/** Its clock is 100 s ahead of the run's. */
const AHEAD_SECONDS = 100
const S = 1e9

/** A Prometheus that has scraped `a-0` at these seconds of its own clock; its answers to the first requests may be errors. */
function canned(scrapedAt: readonly number[], nowNs: () => number, errors: Error[] = []) {
  const asked: { fromUnixMs: number; toUnixMs: number }[] = []
  const labels = { namespace: 'default', pod: 'a-0' }
  const api: PrometheusApi = {
    url: 'http://prometheus.test',
    async now() {
      const error = errors.shift()
      if (error) throw error
      return (nowNs() / S + AHEAD_SECONDS) * 1000
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

function started(scrapedAt: readonly number[], errors: Error[] = []) {
  const run = fakeRun()
  const prometheus: Scrape[] = []
  Object.assign(run.record, { prometheus: (scrape: Scrape) => void prometheus.push(scrape) })
  const { api, asked } = canned(scrapedAt, () => run.nowNs, errors)
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

test('a Prometheus that does not scrape the pods is told how it must', async () => {
  const { run, reading } = started([])
  run.nowNs = 40 * S
  await reading.stop()
  const [failure] = run.of('api-failure')
  assert.match(failure?.error ?? '', /has no scrape of the pods of emqx-ee: .*namespace="default" and pod/)
})

test.run()
