/** The list of metrics and their text: what a Prometheus reads. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BENCH_METRICS, type MetricFamilies, type MetricFamily, RUN_METRICS } from '#weir/facts/index.ts'
import { BucketCounts, bucketSamples, exposition, readPlace, type Sample } from '#weir/metrics/index.ts'
import { PATH, testWith } from '../support/programs.ts'
import { projectFile } from '../support/project-file.ts'

const BOTH: MetricFamilies = { ...RUN_METRICS, ...BENCH_METRICS }

/** A sample of every family, with a value of every label that no format takes as it is. */
function everything(): Record<string, Sample[]> {
  return Object.fromEntries(
    Object.entries(BOTH).map(([name, { type, labels = [], buckets = [] }]) => {
      const own = Object.fromEntries(labels.map((label) => [label, 'a "b" \\ c\nd']))
      if (type !== 'histogram') return [name, [{ labels: own, value: 1 }]]
      const counts = new BucketCounts(buckets)
      counts.add(1)
      return [name, bucketSamples(counts.buckets, own)]
    }),
  )
}

testWith('promtool')('promtool finds nothing amiss with any of them', async () => {
  const { text } = await exposition(BOTH, everything)
  const input = await text()
  for (const name of Object.keys(BOTH)) assert.ok(input.includes(`# TYPE ${name} `), name)
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    ...{ input, encoding: 'utf8' as const, env: { ...process.env, PATH } },
  })
  assert.is(stdout + stderr, '')
  assert.is(status, 0)
})

testWith('promtool')('promtool finds what is amiss', () => {
  const input = '# TYPE weir_x gauge\nweir_x{quantile="0.5"} 1\n'
  const { status } = spawnSync('promtool', ['check', 'metrics'], {
    ...{ input, encoding: 'utf8' as const, env: { ...process.env, PATH } },
  })
  assert.is.not(status, 0)
})

test('labels are escaped', async () => {
  const { text } = await exposition(RUN_METRICS, () => everything() as never)
  assert.match(await text(), 'weir_step{step="a \\"b\\" \\\\ c\\nd"} 1')
})

test('buckets hold values up to their end, and all those before them', () => {
  const counts = new BucketCounts([1, 2])
  for (const value of [0, 1, 1.5, 2, 3]) counts.add(value)
  assert.equal(
    counts.samples().map(({ suffix, labels, value }) => [suffix, labels.le, value]),
    [
      ['_bucket', '1', 2],
      ['_bucket', '2', 4],
      ['_bucket', '+Inf', 5],
      ['_sum', undefined, 7.5],
      ['_count', undefined, 5],
    ],
  )
})

test('the page has every metric of a run as the list has it', () => {
  const page = readFileSync(projectFile('docs/watch.md'), 'utf8')
  const rows = page.split('\n').filter((line) => line.startsWith('| `weir_'))
  const wanted = Object.entries<MetricFamily>(RUN_METRICS).map(
    ([name, { type, labels = [], help }]) => `| \`${name}\` | ${type} | ${labels.join(', ')} | ${help} |`,
  )
  assert.equal(rows, wanted)
})

test('places', () => {
  assert.equal(readPlace(''), { host: '127.0.0.1', port: 9464 })
  assert.equal(readPlace('0'), { host: '127.0.0.1', port: 0 })
  assert.equal(readPlace('0.0.0.0:9464'), { host: '0.0.0.0', port: 9464 })
  assert.equal(readPlace('[::1]:80'), { host: '::1', port: 80 })
  for (const text of ['everywhere', ':9464', 'a:b', '65536'])
    assert.throws(() => readPlace(text), /--prometheus/)
})

test.run()
