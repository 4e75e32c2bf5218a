import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Latencies, latencyFindings } from '#weir/bench/ledger/latencies.ts'

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

test('no message, no finding; beyond an hour, and before the beginning, is still counted', () => {
  assert.equal(latencyFindings(new Latencies().parts()), [])
  const latencies = new Latencies()
  latencies.record('ack', 2, 1e9)
  latencies.record('ack', 2, -1)
  assert.is(latencyFindings(latencies.parts())[0]!.count, 2)
})

test.run()
