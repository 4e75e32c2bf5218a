/** --prometheus: what it may name, and what is wrong in one line. */
import { createServer } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { prometheusFlag } from '#weir/cli/prometheus-flag.ts'
import { CATALOGUE } from '#weir/errors/index.ts'
import { weir } from '../weir.ts'

test('an address to read, a place to serve at, or both', () => {
  assert.equal(prometheusFlag(undefined), {})
  assert.equal(prometheusFlag(''), { place: '' })
  assert.equal(prometheusFlag('9464'), { place: '9464' })
  assert.equal(prometheusFlag('HTTPS://p.example'), { url: 'HTTPS://p.example' })
  assert.equal(prometheusFlag(['0.0.0.0:1', 'http://p:9090']), { place: '0.0.0.0:1', url: 'http://p:9090' })
  assert.throws(() => prometheusFlag(['1', '2']), /two addresses/)
  assert.throws(() => prometheusFlag(['http://a', 'http://b']), /two Prometheus servers/)
})

const WRONG: [args: string[], words: RegExp][] = [
  [['--prometheus', 'everywhere'], /--prometheus is "everywhere" but must be PORT or HOST:PORT/],
  [['--prometheus', '65536'], /must be a whole number from 0 to 65535/],
  [['--prometheus', '1', '--prometheus', '2'], /two addresses for the metrics of weir/],
  [['--prometheus', '0', '--testbed', 'control-plane'], /no Prometheus can reach the network namespace/],
]

for (const [args, words] of WRONG)
  test(`weir run ${args.join(' ')}: one line`, async () => {
    const { code, stdout, stderr } = await weir(['run', 'blue-green-quick', ...args])
    assert.is(code, CATALOGUE.WEIR_USAGE.exit, stderr)
    assert.is(stdout, '')
    assert.match(stderr, words)
    assert.match(stderr, /^weir: [^\n]+ \[WEIR_USAGE\]\n$/m)
  })

test('a port in use: one line, before the cluster is started', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen({ port: 0, host: '127.0.0.1' }, resolve))
  const { port } = other.address() as { port: number }
  const { code, stderr } = await weir(['run', 'blue-green-quick', '--prometheus', String(port)])
  other.close()
  assert.is(code, CATALOGUE.WEIR_ADDRESS_IN_USE.exit, stderr)
  assert.match(stderr, /^weir: --prometheus cannot listen at 127\.0\.0\.1:\d+ \(EADDRINUSE\)[^\n]+\n$/)
})

test.run()
