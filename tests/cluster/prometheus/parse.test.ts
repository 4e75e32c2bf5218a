import * as fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KEPT_METRICS, keepMetrics, parseExposition, type Sample } from '#weir/cluster/prometheus/parse.ts'
import { sample } from '../recorded.ts'

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/)
const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/)
const labels = fc.dictionary(labelName, fc.string(), { maxKeys: 4, noNullPrototype: true })
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN),
)

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
const written = (number: number) =>
  Number.isNaN(number) ? 'NaN' : number === Infinity ? '+Inf' : number === -Infinity ? '-Inf' : String(number)

/** What an exporter writes, straight from the format's definition. */
function write({ name, labels, value }: Sample): string {
  const inner = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`)
  return `${name}${inner.length > 0 ? `{${inner.join(',')}}` : ''} ${written(value)}`
}

test('what an exporter writes is read back, whatever stands between the samples', () => {
  const noise = fc.constantFrom(
    '',
    '# TYPE x gauge',
    '# HELP x ',
    '# HELP x a "quoted" {thing} 1',
    '   ',
    '!! not a sample',
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(noise, fc.record({ name, labels, value }))), (rows) => {
      const samples = rows.map(([, one]) => one)
      // A carriage return inside a label would end the line for nobody but a text editor.
      fc.pre(samples.every(({ labels }) => !Object.values(labels).some((text) => /\r/.test(text))))
      const text = rows.map(([line, one]) => `${line}\n${write(one)}`).join('\n')
      const read = [...parseExposition(`${text}\n`)]
      assert.is(read.length, samples.length)
      for (const [index, one] of samples.entries()) {
        const got = read[index]!
        assert.is(got.name, one.name)
        assert.equal(got.labels, one.labels)
        assert.ok(
          Object.is(got.value, one.value) || (got.value === 0 && one.value === 0),
          `${got.value} ${one.value}`,
        )
      }
    }),
  )
})

test('exponents, timestamps, spaces and NaN', () => {
  const read = [...parseExposition('a 1.5e+03\nb{x="1",} 2 1395066363000\n  c\t3\nd NaN\ne 4 5 6\nf 0x10\n')]
  assert.equal(
    read.map(({ name, value }) => [name, value]),
    [
      ['a', 1500],
      ['b', 2],
      ['c', 3],
      ['d', Number.NaN],
    ],
  )
})

test('of all that an exporter writes, what is wanted is what would have been read anyway', () => {
  const text = sample('v5_prometheus_node_evicting.txt')
  const all = [...parseExposition(text)].filter((one) => KEPT_METRICS.has(one.name))
  assert.ok(all.length >= 15)
  assert.equal([...parseExposition(text, KEPT_METRICS)], all)
  const spaced =
    'emqx_sessions_count\t3\nemqx_sessions_counts 4\n emqx_sessions_count{a="b"} 5\nemqx_sessions 6\n'
  assert.equal(
    [...parseExposition(spaced, KEPT_METRICS)].map(({ value }) => value),
    [3, 5],
  )
})

test('EMQX 4.4.14 has no live connections, and none is made up', () => {
  const kept = keepMetrics(sample('v4_prometheus_4.4.14_excerpt.txt'))
  assert.is(kept.emqx_connections_count, 640)
  assert.is(kept.emqx_connections_max, 1000)
  assert.is(kept.emqx_cluster_nodes_running, 6)
  assert.not('emqx_live_connections_count' in kept)
  assert.ok(Object.keys(kept).every((key) => KEPT_METRICS.has(key)))
  assert.not('emqx_vm_cpu_use' in kept)
})

test('EMQX 4.4.15 and later has them', () => {
  const kept = keepMetrics(sample('v4_prometheus_4.4.15plus_evacuating_node_excerpt.txt'))
  assert.is(kept.emqx_live_connections_count, 640)
  assert.is(kept.emqx_session_takeovered, 0)
})

test('samples with labels belong to another scope, and NaN is not a value', () => {
  const text = 'emqx_connections_count{node="other"} 7\nemqx_sessions_count NaN\nemqx_client_connected 3\n'
  assert.equal(keepMetrics(text), { emqx_client_connected: 3 })
})

test.run()
