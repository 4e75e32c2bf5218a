import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { serveBenchMetrics } from '#weir/bench/command/prometheus.ts'
import { WeirError } from '#weir/errors/index.ts'
import { counters, tallyOf } from './bench-result.ts'
import { refused } from './refused.ts'

const look = () => ({
  command: 'pub' as const,
  clients: 10,
  elapsedMs: 1000,
  counters: counters({ published: 7, online: 9 }),
  tally: tallyOf(10),
})

test('the figures of the moment, on loopback', async () => {
  const server = await serveBenchMetrics('0', look)
  try {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
    const response = await fetch(server.url)
    assert.match(response.headers.get('content-type')!, 'text/plain')
    const text = await response.text()
    assert.match(text, /^# HELP weir_bench_published_total PUBLISH packets sent/m)
    assert.match(text, /^# TYPE weir_bench_published_total counter$/m)
    assert.match(text, /^weir_bench_published_total 7$/m)
    assert.match(text, /^weir_bench_online 9$/m)
    assert.match(text, /^weir_bench_clients 10$/m)
    assert.match(text, /^weir_bench_gave_up_total 0$/m)
    assert.match(text, /^weir_bench_connack_seconds_bucket\{le="0.001"\} 0$/m)
    assert.match(text, /^weir_bench_connack_seconds_bucket\{le="0.0025"\} 10$/m)
    assert.match(text, /^weir_bench_connack_seconds_sum 0.02\d*$/m)
    assert.match(text, /^weir_bench_connack_seconds_count 10$/m)
    assert.is((await fetch(server.url)).status, 200)
    assert.match(await (await fetch(server.url)).text(), /^weir_bench_published_total 7$/m)
    assert.is((await fetch(server.url.replace('/metrics', '/'))).status, 404)
  } finally {
    await server.close()
  }
})

test('before the fleet is there it serves zeros', async () => {
  const server = await serveBenchMetrics('127.0.0.1:0', () => undefined)
  try {
    assert.match(await (await fetch(server.url)).text(), /^weir_bench_online 0$/m)
  } finally {
    await server.close()
  }
})

test('a place that is taken', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen({ port: 0, host: '127.0.0.1' }, resolve))
  const { port } = other.address() as { port: number }
  const error = await serveBenchMetrics(String(port), look).catch((reason: unknown) => reason)
  other.close()
  assert.instance(error, WeirError)
  assert.is((error as WeirError).code, 'WEIR_ADDRESS_IN_USE')
  assert.match((error as WeirError).message, `127.0.0.1:${port} (EADDRINUSE)`)
})

for (const place of ['everywhere', ':9464', '1.2.3.4:', 'a:b', '[::1]'])
  test(`"${place}" is no place`, async () => {
    const error = await serveBenchMetrics(place, look).catch((reason: unknown) => reason)
    refused(() => {
      throw error
    }, '--prometheus')
  })

test.run()
