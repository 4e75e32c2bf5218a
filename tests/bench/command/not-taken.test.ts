/** A broker that takes no message like these: the run ends by itself, and one line says what to do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from '../../cli/weir.ts'
import { testWith } from '../../support/programs.ts'
import { startMosquitto } from '../brokers/mosquitto.ts'
import { closeLeft, listen } from './brokers-of-test.ts'

test.after.each(closeLeft)

async function pub(port: number, ...more: string[]) {
  const line = `-c 3 -i 1 -h 127.0.0.1 -p ${port} -t t/%i -im 10 --workers 1 --json`.split(' ')
  const ran = await weir(['bench', 'pub', ...line, ...more])
  return { ...ran, summary: JSON.parse(ran.stdout.trim().split('\n').at(-1)!) }
}

const TOO_LARGE =
  /^weir: no message was sent to \S+: it accepts packets of at most 300 bytes, and this message needs \d+: use smaller messages \(-S, .*\[WEIR_BROKER\]\n$/

// With a limit of two, the third client has nothing to send.
for (const [properties, flags, says] of [
  [{ maximumPacketSize: 300 }, ['-S', '400B'], TOO_LARGE],
  [{ maximumPacketSize: 300 }, ['-S', '400B', '--engine', 'mqttjs'], TOO_LARGE],
  [{ maximumQoS: 1 }, ['-q', '2'], /it accepts QoS 1 at most, and this is QoS 2: use -q 1 /],
  [{ retainAvailable: false }, ['-r'], /it does not accept retained messages: remove --retain /],
] as const)
  for (const limit of [[], ['-L', '2']])
    test(`${JSON.stringify(properties)} with ${[...flags, ...limit].join(' ')}`, async () => {
      const broker = await listen({ onConnect: (visit) => visit.accept(false, properties) })
      const { code, stderr, summary } = await pub(broker.port, ...flags, ...limit)
      assert.is(code, 4, stderr)
      assert.match(stderr, says)
      assert.equal([summary.end, summary.published, broker.packets('publish').length], ['none-taken', 0, 0])
      assert.is(summary.onlineAtEnd, 3)
    })

test('lines of which one is too large: those before it are sent', async () => {
  const broker = await listen({ onConnect: (visit) => visit.accept(false, { maximumPacketSize: 60 }) })
  const folder = mkdtempSync(join(tmpdir(), 'weir-lines-'))
  const file = join(folder, 'lines.txt')
  writeFileSync(file, `one\ntwo\n${'x'.repeat(100)}\nfour\n`)
  const { code, stderr, summary } = await pub(broker.port, '--file-read', file, '--split')
  rmSync(folder, { recursive: true })
  assert.is(code, 4, stderr)
  assert.match(stderr, 'only 6 messages were sent to')
  assert.equal([summary.end, summary.published], ['none-taken', 6])
  assert.is(summary.messages.bound.of, 'packet-size')
})

testWith('mosquitto')('mosquitto with max_packet_size 300', async () => {
  const broker = await startMosquitto({ config: 'max_packet_size 300' })
  const { port } = broker.targets[0]!
  const large = await pub(port, '-S', '400B', '-L', '10')
  const small = await pub(port, '-S', '200B', '-L', '10')
  await broker.stop()
  assert.is(large.code, 4)
  assert.match(large.stderr, TOO_LARGE)
  assert.is(small.code, 0, small.stderr)
  assert.is(small.summary.published, 10)
})

test.run()
