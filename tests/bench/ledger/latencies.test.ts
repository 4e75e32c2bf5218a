import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { joinedBuckets, Latencies, latencyFindings } from '#weir/bench/ledger/latencies.ts'
import type { Buckets } from '#weir/facts/index.ts'

test('the histograms of several shards are one', () => {
  const shards = [new Latencies(), new Latencies()]
  for (let ms = 1; ms <= 1000; ms++) shards[ms % 2]!.record('ack', 1, ms)
  shards[0]!.record('delivery', 0, 5)
  const findings = latencyFindings(shards.flatMap((shard) => shard.parts()))
  assert.equal(
    findings.map(({ of, qos, count }) => ({ of, qos, count })),
    [
      { of: 'ack', qos: 1, count: 1000 },
      { of: 'delivery', qos: 0, count: 1 },
    ],
  )
  const [ack] = findings
  for (const [told, wanted] of [
    [ack!.p50Ms, 500],
    [ack!.p90Ms, 900],
    [ack!.p99Ms, 990],
    [ack!.p999Ms, 999],
    [ack!.maxMs, 1000],
  ] as const)
    assert.ok(Math.abs(told - wanted) <= wanted / 500, `${told} for ${wanted}`)
})

test('buckets: each value is in the first that it does not exceed, over several shards', () => {
  const shards = [new Latencies(), new Latencies()]
  for (const ms of [-5, 0.5, 1, 1.001, 300_000, 300_001]) shards[0]!.record('delivery', 1, ms)
  shards[1]!.record('delivery', 1, 2)
  shards[1]!.record('ack', 2, 40)
  const filled = ({ upToSeconds, counts }: Buckets) =>
    counts.flatMap((count, bucket) => (count > 0 ? [[upToSeconds[bucket] ?? 'more', count]] : []))
  const wanted = [
    { of: 'ack', qos: 2, filled: [[0.05, 1]], sumSeconds: 0.04 },
    {
      of: 'delivery',
      qos: 1,
      filled: [
        [0.001, 3],
        [0.0025, 2],
        [300, 1],
        ['more', 1],
      ],
      sumSeconds: 600.005501,
    },
  ]
  const live = joinedBuckets(shards.flatMap((shard) => shard.buckets()))
  const kept = latencyFindings(shards.flatMap((shard) => shard.parts()))
  for (const found of [live, kept.map(({ of, qos, buckets }) => ({ of, qos, ...buckets! }))])
    assert.equal(
      found.map(({ of, qos, ...buckets }) => ({
        ...{ of, qos, filled: filled(buckets), sumSeconds: buckets.sumSeconds },
      })),
      wanted,
    )
})

test('no message, no finding; beyond an hour, and before the beginning, is still counted', () => {
  assert.equal(latencyFindings(new Latencies().parts()), [])
  const latencies = new Latencies()
  latencies.record('ack', 2, 1e9)
  latencies.record('ack', 2, -1)
  assert.is(latencyFindings(latencies.parts())[0]!.count, 2)
})

test.run()
