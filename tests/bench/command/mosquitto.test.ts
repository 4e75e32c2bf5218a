/** The three commands against a real broker, over every transport, and through its troubles. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from '../../cli/weir.ts'
import { has, testWith } from '../../support/programs.ts'
import type { Broker } from '../brokers/broker.ts'
import { Authority } from '../brokers/certificates.ts'
import { startMosquitto } from '../brokers/mosquitto.ts'
import { until } from '../support/until.ts'
import { benchProcess, killLeft } from './bench-process.ts'
import { untilSaid } from './until-said.ts'

const USER = { username: 'somebody', password: 'a pass:word' }
const LISTENERS = ['mqtt', 'mqtts', 'ws', 'wss'] as const

if (!has('mosquitto')) testWith('mosquitto')('mosquitto', () => undefined)
else {
  const authority = await Authority.create()
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-tls-'))
  const pem = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  let broker: Broker
  test.before(async () => {
    const listeners = LISTENERS.map((protocol) => ({ protocol, clientCertificate: protocol === 'wss' }))
    broker = await startMosquitto({ listeners, users: [USER], tls: await authority.issue('broker') })
  })
  test.after(async () => {
    await broker.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  test.after.each(killLeft)
  const at = (protocol: (typeof LISTENERS)[number]) => {
    const { host, port } = broker.targets[LISTENERS.indexOf(protocol)]!
    return ['-h', host, '-p', String(port), '-l', protocol]
  }
  const asUser = ['-u', USER.username, '-P', USER.password]

  for (const protocol of LISTENERS)
    test(`conn over ${protocol}`, async () => {
      const own = await authority.issue('client')
      const ca = ['--ca', pem('ca.pem', authority.ca)]
      const cert = ['--cert', pem('client.pem', own.cert), '--key', pem('client.key', own.key)]
      const tls = protocol === 'mqtts' ? ca : protocol === 'wss' ? [...ca, ...cert] : []
      const ran = await untilSaid(
        ['conn', '-c', '10', '-i', '1', ...at(protocol), ...asUser, ...tls],
        'all 10 clients are connected',
      )
      assert.is(ran.code, 0, ran.stderr)
      assert.match(ran.stdout, /attempts +10: 10 accepted, 0 refused, 0 failed/)
    })

  for (const [what, flags, words] of [
    ['an authority that it does not trust', [], '--ca'],
    ['any certificate', ['--insecure'], undefined],
    ['the wrong server name', ['--servername', 'elsewhere.example'], '--servername'],
  ] as const)
    test(`TLS with ${what}`, async () => {
      const ca = what.startsWith('the wrong') ? ['--ca', pem('ca.pem', authority.ca)] : []
      const line = ['conn', '-c', '2', '-i', '1', '-rp', '0', ...at('mqtts'), ...asUser, ...ca, ...flags]
      if (words === undefined) {
        const ran = await untilSaid(line, 'all 2 clients are connected')
        assert.is(ran.code, 0, ran.stderr)
        return
      }
      const ran = await weir(['bench', ...line])
      assert.is(ran.code, 4, ran.stderr)
      assert.match(ran.stderr, 'its certificate is')
      assert.match(ran.stderr, words)
    })

  test('a wrong password', async () => {
    const line = ['conn', '-c', '2', '-i', '1', '-rp', '0', ...at('mqtt'), '-u', USER.username, '-P', 'wrong']
    const ran = await weir(['bench', ...line])
    assert.is(ran.code, 4)
    assert.match(ran.stderr, 'CONNACK 0x87 not authorized, 2 times: check --username and --password')
  })

  test('plain MQTT to a TLS listener, and TLS to a plain one', async () => {
    const line = ['conn', '-c', '2', '-i', '1', '-rp', '0', '--connect-timeout', '5', ...asUser]
    const [host, port] = [at('mqtts')[1]!, at('mqtts')[3]!]
    const plain = await weir(['bench', ...line, '-h', host, '-p', port])
    assert.is(plain.code, 4)
    assert.match(
      plain.stderr,
      /because of the broker: failed: it (closed the connection|reset the connection|sent what is no MQTT), 2 times/,
    )
    const tls = await weir(['bench', ...line, '-h', host, '-p', at('mqtt')[3]!, '-l', 'mqtts'])
    assert.is(tls.code, 4)
    assert.match(
      tls.stderr,
      /because of the broker: failed: (no TLS handshake|it (closed|reset) the connection)/,
    )
  })

  for (const qos of ['0', '1', '2'])
    test(`pub and sub of QoS ${qos}, each message accounted for`, async () => {
      const line = ['-i', '1', '--verify', ...at('mqtt'), ...asUser]
      const sub = benchProcess(['sub', '-t', `q${qos}/+`, '-q', qos, '-c', '3', '-v', ...line])
      await sub.saying(', 3 subscribed')
      const pub = benchProcess([
        'pub',
        '-t',
        `q${qos}/%i`,
        '-q',
        qos,
        '-c',
        '5',
        '-im',
        '5',
        '-L',
        '500',
        '--json',
        ...line,
      ])
      assert.is(await pub.code, 0, pub.said.stderr)
      const summary = JSON.parse(pub.said.stdout.trim().split('\n').at(-1)!)
      assert.equal([summary.published, summary.end], [500, 'limit'])
      assert.is(summary.acknowledged, qos === '0' ? 0 : 500)
      await sub.saying('1500 received')
      sub.interrupt()
      assert.is(await sub.code, 0, sub.said.stderr)
      assert.match(sub.said.stdout, /received +1500 /)
      assert.match(sub.said.stdout, /verified +1500 received, 0 lost, 0 duplicated .*, 0 reordered/)
      assert.match(sub.said.stdout, new RegExp(`QoS ${qos} delivered +p50`))
    })

  test('a file, line by line, from every client', async () => {
    const line = ['-i', '1', ...at('mqtt'), ...asUser]
    const sub = benchProcess(['sub', '-t', 'lines', '-q', '1', '-c', '1', '-v', ...line])
    await sub.saying(', 1 subscribed')
    const file = pem('lines.txt', 'one\ntwo\nthree\n')
    const pub = await weir([
      'bench',
      'pub',
      '-t',
      'lines',
      '-q',
      '1',
      '-c',
      '4',
      '-im',
      '5',
      '--file-read',
      file,
      '--split',
      ...line,
    ])
    assert.is(pub.code, 0, pub.stderr)
    assert.match(pub.stdout, /published +12: 12 acknowledged/)
    await sub.saying('12 received')
    sub.interrupt()
    assert.is(await sub.code, 0)
  })

  test('Ctrl-C while publishing: 130, as the limit was not reached, and the counts add up', async () => {
    const line = ['-t', 'cut/%i', '-q', '1', '-c', '5', '-im', '5', '-L', '1000000', ...at('mqtt'), ...asUser]
    const pub = benchProcess(['pub', '-i', '1', '--json', ...line])
    const last = () => JSON.parse(pub.said.stdout.trim().split('\n').at(-1) || '{}') as Record<string, number>
    await until('it publishes', () => last().acknowledged! > 0)
    pub.interrupt()
    assert.is(await pub.code, 130, pub.said.stderr)
    const { end, published, messages } = last() as unknown as {
      end: string
      published: number
      messages: Record<string, number>
    }
    assert.equal([end, published], ['stopped', messages.sent])
    assert.is(
      messages.sent,
      messages.acknowledged! + messages.refused! + messages.abandoned! + messages.unanswered!,
    )
  })

  test('a broker that stalls for a second shows in the percentiles', async () => {
    const mine = await startMosquitto()
    const { host, port } = mine.targets[0]!
    const line = ['-t', 'slow/%i', '-q', '1', '-c', '10', '-i', '1', '-im', '20']
    const pub = benchProcess(['pub', ...line, '-h', host, '-p', String(port), '--json'])
    const last = () => JSON.parse(pub.said.stdout.trim().split('\n').at(-1) || '{}')
    await until('it publishes', () => last().acknowledged > 0)
    mine.pause()
    const startMs = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const stalledMs = performance.now() - startMs
    const { acknowledged } = last()
    mine.resume()
    await until('it goes on', () => last().acknowledged > acknowledged + 100)
    pub.interrupt()
    assert.is(await pub.code, 0, pub.said.stderr)
    await mine.stop()
    const [ack] = last().latencies.messages
    assert.is(ack.of, 'ack')
    // The messages that were due during the stall were sent and waited, each from its own instant on.
    assert.ok(ack.maxMs > 0.9 * stalledMs, `the longest is ${ack.maxMs} ms, the stall was ${stalledMs} ms`)
    assert.ok(ack.p99Ms > 0.5 * stalledMs, `p99 is ${ack.p99Ms} ms, the stall was ${stalledMs} ms`)
  })

  test('the broker is killed and comes back: so does everybody, and the counts add up', async () => {
    const mine = await startMosquitto()
    const { host, port } = mine.targets[0]!
    const line = ['-c', '20', '-i', '1', '-rp', '50', '--maximum-reconnect-times', '1000']
    const conn = benchProcess(['conn', ...line, '-h', host, '-p', String(port), '--json'])
    const progress = () =>
      JSON.parse(conn.said.stdout.trim().split('\n').at(-1) || '{}') as Record<string, number>
    await until('all are online', () => progress().online === 20)
    await mine.kill()
    await until('all are lost', () => progress().disconnected === 20)
    await mine.start()
    await until('all are back', () => progress().online === 20)
    conn.interrupt()
    assert.is(await conn.code, 0, conn.said.stderr)
    await mine.stop()
    const { attempts, connected, refused, failed, disconnected } = progress()
    assert.equal([connected, disconnected], [40, 20])
    assert.is(attempts, connected! + refused! + failed!)
  })
}

test.run()
