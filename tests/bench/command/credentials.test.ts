/** User names, passwords and certificates of each client, as a broker sees them, with both engines and again after a reconnect. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { type IConnectPacket, parser } from 'mqtt-packet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from '../../cli/weir.ts'
import { Authority } from '../brokers/certificates.ts'
import { closeLeft, listen } from './brokers-of-test.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-credentials-'))
const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
test.after(() => rmSync(folder, { recursive: true, force: true }))
test.after.each(closeLeft)

const userOf = ({ clientId, username, password }: IConnectPacket) => [
  clientId,
  username,
  password?.toString(),
]
const byId = (all: readonly unknown[][]) => all.toSorted(([a], [b]) => String(a).localeCompare(String(b)))

async function connects(flags: string[], env: Record<string, string> = {}): Promise<unknown[][]> {
  // Each client comes once: the run is over when the last has gone.
  const broker = await listen({
    onConnect(visit) {
      visit.accept()
      visit.socket.end()
    },
  })
  const on = ['-h', '127.0.0.1', '-p', String(broker.port), '-i', '1', '-rp', '0', '--workers', '2']
  const ran = await weir(['bench', 'conn', ...on, ...flags], { env })
  assert.match(ran.stderr, 'lost: it closed the connection')
  return byId(broker.visits.map(({ connect }) => userOf(connect)))
}

for (const engine of ['lean', 'mqttjs']) {
  test(`${engine}: patterns in -u and -P, and in the environment`, async () => {
    const expected = [
      ['d0', 'dev_0', 'pw_d0'],
      ['d1', 'dev_1', 'pw_d1'],
      ['d2', 'dev_2', 'pw_d2'],
    ]
    const flags = ['-c', '3', '-I', 'd%i', '--engine', engine]
    assert.equal(await connects([...flags, '-u', 'dev_%i', '-P', 'pw_%c']), expected)
    const env = { WEIR_MQTT_USERNAME: 'dev_%i', WEIR_MQTT_PASSWORD: 'pw_%c' }
    assert.equal(await connects(flags, env), expected)
  })

  test(`${engine}: a file`, async () => {
    const path = fileOf('users.csv', 'password,clientid,username\npa,a,ua\npb,b,ub\n')
    const expected = [
      ['a', 'ua', 'pa'],
      ['b', 'ub', 'pb'],
    ]
    const flags = ['-c', '2', '--credentials', path, '--engine', engine]
    assert.equal(await connects(flags), expected)
    // The file goes before the user of the environment, who is for every run.
    assert.equal(await connects(flags, { WEIR_MQTT_USERNAME: 'me', WEIR_MQTT_PASSWORD: 'mine' }), expected)
  })
}

test('--start-number counts ids, user names and topics from there', async () => {
  const flags = [
    '-c',
    '2',
    '-I',
    'd%i',
    '-u',
    'dev_%i',
    '-P',
    'x',
    '--start-number',
    '7',
    '-Wt',
    'w/%i',
    '-Wm',
    'bye',
  ]
  assert.equal(await connects(flags), [
    ['d7', 'dev_7', 'x'],
    ['d8', 'dev_8', 'x'],
  ])
})

test('a password of the environment is for the users of a file, but not if it is another user’s', async () => {
  const flags = ['-c', '1', '--credentials', fileOf('names.csv', 'clientid,username\na,ua\n')]
  assert.equal(await connects(flags, { WEIR_MQTT_PASSWORD: 'for-all' }), [['a', 'ua', 'for-all']])
  const other = { WEIR_MQTT_USERNAME: 'me', WEIR_MQTT_PASSWORD: 'mine' }
  assert.equal(await connects(flags, other), [['a', 'ua', undefined]])
})

for (const [what, text, flags, words] of [
  ['too few rows', 'username\na\n', ['-c', '2'], 'has 1 rows, and there are 2 clients'],
  ['no header', 'dev,hunter2\n', ['-c', '1'], 'the first line must be a header'],
  ['ids twice', 'clientid\na\na\n', ['-c', '2'], 'both have the client id "a"'],
  [
    'a user name as well',
    'username\na\n',
    ['-c', '1', '-u', 'me'],
    '--credentials and --username cannot be combined',
  ],
  [
    'a client id as well',
    'clientid\na\n',
    ['-c', '1', '-I', 'me'],
    '--credentials and --client-id cannot be combined',
  ],
  ['only passwords, for MQTT 3.1.1', 'password\na\n', ['-c', '1', '-V', '3.1.1'], 'requires a user name'],
  [
    'a search for the largest rate',
    'username\na\n',
    ['-c', '1', '--find-rate'],
    '--find-rate connects as many',
  ],
] as const)
  test(`${what}: one line, exit code 2, and no connection`, async () => {
    const broker = await listen()
    const path = fileOf('bad.csv', text)
    const on = ['-h', '127.0.0.1', '-p', String(broker.port)]
    const ran = await weir(['bench', 'conn', ...on, '--credentials', path, ...flags])
    assert.is(ran.code, 2)
    assert.match(ran.stderr, words)
    assert.is(ran.stderr.trim().split('\n').length, 1)
    assert.not.match(ran.stderr, 'hunter2')
    assert.is(broker.sockets.size + broker.visits.length, 0)
  })

for (const engine of ['lean', 'mqttjs'])
  test(`${engine}: a certificate for each client, also when it returns with a session of TLS`, async () => {
    const authority = await Authority.create()
    const identity = await authority.issue('broker')
    const seen: string[] = []
    const server = createServer(
      { ...identity, requestCert: true, rejectUnauthorized: true, ca: authority.ca },
      (socket: TLSSocket) => {
        const reader = parser()
        socket.on('error', () => undefined)
        socket.on('data', (bytes) => reader.parse(bytes))
        reader.on('packet', (packet) => {
          if (packet.cmd !== 'connect') return
          // Each client comes twice: the first time it is accepted, and then refused.
          const returns = seen.some((line) => line.startsWith(`${packet.clientId} `))
          seen.push(`${packet.clientId} ${socket.getPeerCertificate().subject.CN}`)
          socket.end(Buffer.from([0x20, 3, 0, returns ? 0x87 : 0, 0]))
        })
      },
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      for (const k of [0, 1, 2]) {
        const { cert, key } = await authority.issue(`dev_${k}`)
        fileOf(`${k}.pem`, cert)
        fileOf(`${k}.key`, key)
      }
      const { port } = server.address() as { port: number }
      const files = ['--ca', fileOf('ca.pem', authority.ca), '--cert', join(folder, '%i.pem')]
      const on = [
        '-h',
        'localhost',
        '-p',
        String(port),
        '-l',
        'mqtts',
        ...files,
        '--key',
        join(folder, '%i.key'),
      ]
      const load = ['-c', '3', '-i', '1', '-I', 'c%i', '-rp', '50', '--engine', engine]
      await weir(['bench', 'conn', ...on, ...load, '--maximum-reconnect-times', '1'])
      assert.equal(
        seen.toSorted(),
        [0, 0, 1, 1, 2, 2].map((k) => `c${k} dev_${k}`),
      )
    } finally {
      server.close()
    }
  })

test.run()
