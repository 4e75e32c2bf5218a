/** Brokers that are away, refuse, drop, stall, talk garbage or stop half-way: one line each, counts that add up, and an end. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from '../../cli/weir.ts'
import type { Manners } from '../support/fake-broker.ts'
import { closeLeft, listen } from './brokers-of-test.ts'

test.after.each(closeLeft)

const CLIENTS = 5
/** Each client tries three times. */
const FLAGS = `-c ${CLIENTS} -i 1 -h 127.0.0.1 --workers 1`.split(' ')
const THREE_TRIES = ['-rp', '5', '--maximum-reconnect-times', '2']
const ONE_TRY = ['-rp', '0']

interface Summary {
  [counter: string]: number
}

async function bench(port: number, ...more: string[]) {
  const tries = more.includes('-rp') ? [] : THREE_TRIES
  const ran = await weir(['bench', 'conn', ...FLAGS, ...tries, '-p', String(port), '--json', ...more])
  const summary: Summary & { endings: { count: number; whose: string; words: string }[] } = JSON.parse(
    ran.stdout.trim().split('\n').at(-1)!,
  )
  const { attempts, connected, refused, failed, disconnected, endings } = summary
  assert.is(attempts, connected! + refused! + failed!, 'every attempt has one end')
  assert.is(
    endings.reduce((sum, { count }) => sum + count, 0),
    refused! + failed! + disconnected!,
    'every end has a reason',
  )
  assert.is(ran.stderr.trim().split('\n').length, 1, `one line, not:\n${ran.stderr}`)
  return { ...ran, summary }
}

async function against(manners: Partial<Manners>, ...more: string[]) {
  const broker = await listen(manners)
  try {
    return await bench(broker.port, ...more)
  } finally {
    await broker.close()
  }
}

function failedBecause({ code, stderr, summary }: Awaited<ReturnType<typeof bench>>, words: string): void {
  assert.is(code, 4)
  assert.match(
    stderr,
    new RegExp(
      `^weir: ${CLIENTS} of ${CLIENTS} clients were not connected to 127\\.0\\.0\\.1:\\d+ at the end, most often because of the broker: `,
    ),
  )
  assert.match(stderr, words)
  assert.match(stderr, /\[WEIR_BROKER\]\n$/)
  assert.is(summary.gaveUp, CLIENTS)
  assert.is(summary.exitCode, 4)
}

test('nothing listens there', async () => {
  const broker = await listen()
  await broker.close()
  failedBecause(await bench(broker.port), 'failed: connection refused, 15 times')
})

for (const [version, words] of [
  ['5', 'refused: CONNACK 0x86 bad user name or password, 15 times: check --username and --password'],
  ['3.1.1', 'refused: CONNACK 0x04 bad user name or password, 15 times: check --username and --password'],
] as const)
  test(`a wrong password, MQTT ${version}, which is not shown`, async () => {
    const user = { username: 'me', password: 'right' }
    const ran = await against({ user }, '-V', version, '-u', 'me', '-P', 'wrong-one')
    failedBecause(ran, words)
    assert.not.match(ran.stdout + ran.stderr, 'wrong-one')
  })

test('it drops every connection before a CONNACK', async () => {
  const ran = await against({ onConnect: (visit) => void visit.socket.resetAndDestroy() })
  failedBecause(ran, 'failed: it reset the connection, 15 times')
  failedBecause(await against({ onConnect: (visit) => void visit.socket.end() }), 'it closed the connection')
})

test('it drops every connection after the CONNACK, until nobody comes back', async () => {
  const manners: Partial<Manners> = {
    onConnect(visit) {
      visit.accept()
      visit.socket.end()
    },
  }
  // An accepted connection begins the count of tries anew, so only -rp 0 gives up.
  const ran = await against(manners, ...ONE_TRY)
  failedBecause(
    ran,
    'lost: it closed the connection, 5 times: it had accepted the connection: another client of the same client id',
  )
  assert.is(ran.summary.connected, ran.summary.disconnected)
})

test('it takes connections and says nothing', async () => {
  const ran = await against({ onConnect: () => undefined }, '--connect-timeout', '0.2')
  failedBecause(ran, 'failed: no CONNACK in time, 15 times')
})

test('something else than a broker listens there', async () => {
  const manners: Partial<Manners> = {
    onSocket: (visit) => void visit.socket.write(`SSH-2.0-OpenSSH_9.9\r\n${'x'.repeat(100)}`),
  }
  failedBecause(await against(manners), 'failed: it sent invalid MQTT, 15 times: check --port, --protocol')
})

test('it stops in the middle of the CONNACK', async () => {
  const manners: Partial<Manners> = {
    onConnect: (visit) => void visit.socket.end(Buffer.from([0x20, 0x03, 0x00])),
  }
  failedBecause(await against(manners), 'failed: it closed the connection, 15 times')
})

test('it talks garbage to clients that are online', async () => {
  const manners: Partial<Manners> = {
    onConnect(visit) {
      visit.accept()
      visit.socket.write(Buffer.from([0x00, 0x00]))
    },
  }
  failedBecause(await against(manners, ...ONE_TRY), 'lost: it sent invalid MQTT, 5 times')
})

test('a host that does not resolve', async () => {
  const ran = await weir(['bench', 'conn', '-h', 'no-such-host.invalid', '-c', '1'])
  assert.is(ran.code, 4)
  assert.match(ran.stderr, /^weir: .*"no-such-host\.invalid" does not resolve .*\[WEIR_BROKER\]\n$/)
  assert.is(ran.stdout, '')
})

test.run()
