/** The metrics of a run, against what is judged of the same record. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge } from '#weir/assertions/index.ts'
import { tightestBurst } from '#weir/assertions/statistics/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { viewOf } from '#weir/record/view/index.ts'
import { openMetrics } from '#weir/watch/index.ts'
import { smallRecord } from '../reports/small-report.ts'
import { quickMutantOf, settingsOf, simulate } from '../simulator/index.ts'
import { PATH, testWith } from '../support/programs.ts'

function textOf(record: RunRecord): string {
  return openMetrics(record, judge(record), viewOf(record).moments.end)
}

/** The last value of each series. */
function lastOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const [, series, value] = /^(\S+) (\S+) \S+$/.exec(line) ?? []
      assert.ok(series, line)
      return [series!, Number(value)]
    }),
  )
}

for (const [name, record] of [
  ...[1, 2, 3].map((seed) => [`an honest run, ${seed}`, simulate(settingsOf(seed))] as const),
  ['a run that evicts too fast', simulate(quickMutantOf(1, 'rate-ignored'))] as const,
])
  test(`${name}: the end of its metrics is what its record shows`, () => {
    const view = viewOf(record)
    const last = lastOf(textOf(record))
    const { connEvictRate } = view.parameters
    const known = new Map<string, number[]>()
    for (let i = 0; i < view.evictions.length; i++) {
      const pod = view.nodes[view.evictions.node[i]!]?.pod ?? ''
      known.set(pod, [...(known.get(pod) ?? []), view.evictions.t[i]!])
    }
    assert.ok(known.size > 0, 'no eviction')
    for (const [pod, times] of known) {
      assert.is(last.get(`weir_evictions_total{node="${pod}"}`), times.length)
      if (pod === '') continue
      const peak = last.get(`weir_envelope_peak_evictions{node="${pod}"}`)!
      assert.ok(Math.abs(peak - tightestBurst(times, connEvictRate).size) < 1e-3, `${pod}: ${peak}`)
    }
    assert.is(last.get('weir_envelope_bound_evictions'), 2 * connEvictRate + 2)
    const ended = view.spells.to.filter((to, row) => Number.isFinite(to) && !view.spells.away[row])
    assert.is(last.get('weir_downtime_seconds_count'), ended.length)
    assert.is(last.get('weir_clients'), record.fleet.ids.length)
    const worst = Math.max(
      ...[...known].map(([pod]) => last.get(`weir_envelope_peak_evictions{node="${pod}"}`) ?? 0),
    )
    const outcome = worst > 2 * connEvictRate + 2 ? 'fail' : 'pass'
    assert.is(last.get(`weir_finding{assertion="eviction-envelope",outcome="${outcome}"}`), 1)
  })

test('messages and figures are there at the end', () => {
  const last = lastOf(textOf(smallRecord()))
  assert.is(last.get('weir_message_latency_seconds_bucket{of="ack",qos="1",le="0.0025"}'), 7)
  assert.is(last.get('weir_message_latency_seconds_bucket{of="delivery",qos="1",le="0.5"}'), 6)
  assert.is(last.get('weir_message_latency_seconds_sum{of="delivery",qos="1"}'), 1.0185)
  assert.is(last.get('weir_message_latency_seconds_count{of="delivery",qos="1"}'), 7)
  assert.is(last.get('weir_figure{figure="messagesLost",unit="messages"}'), 1)
})

test('latencies grow while the fleet is there', () => {
  const record = smallRecord()
  const delivery = record.messages!.latencies.find(({ of }) => of === 'delivery')!
  const counts = delivery.buckets!.counts.map((_, bucket) => (bucket === 3 ? 2 : 0))
  const soFar = { of: 'delivery' as const, qos: 1 as const, ...delivery.buckets!, counts, sumSeconds: 0.02 }
  const events = [...record.events, { t: 20e9, type: 'message-latency' as const, latencies: [soFar] }]
  const text = textOf({ ...record, events: events.toSorted((a, b) => a.t - b.t) })
  const series = /^weir_message_latency_seconds_count{of="delivery",qos="1"} (\d+) /
  const values = text.split('\n').flatMap((line) => series.exec(line)?.[1] ?? [])
  assert.equal([...new Set(values)], ['2', '7'])
})

test('a record that has percentiles alone has no histogram', () => {
  const record = smallRecord()
  const latencies = record.messages!.latencies.map(({ buckets: _, ...rest }) => rest)
  const text = textOf({ ...record, messages: { ...record.messages!, latencies } })
  assert.not.match(text, 'weir_message_latency_seconds')
})

testWith('promtool')('promtool loads it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-openmetrics-'))
  try {
    const file = join(dir, 'run.om')
    const text = textOf({
      ...simulate(settingsOf(1)),
      ...{
        manifest: {
          ...simulate(settingsOf(1)).manifest,
          clock: { source: 'monotonic', anchorUnixMs: 1.7e12 },
        },
      },
    })
    writeFileSync(file, text)
    const load = (input: string) =>
      spawnSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', input, join(dir, 'data')], {
        ...{ encoding: 'utf8' as const, env: { ...process.env, PATH } },
      })
    const { status, stdout, stderr } = load(file)
    assert.is(status, 0, stdout + stderr)
    assert.match(stdout, 'BLOCK ULID')
    writeFileSync(file, text.replace('# EOF\n', ''))
    assert.is.not(load(file).status, 0, 'without its end it is refused')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test.run()
