/** The brokers that other tests lean on do what those expect of them: users, certificates, loopback only, gone at the end. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { accepts } from '#weir/bench/fleet/resolve-target.ts'
import type { MqttUser } from '#weir/bench/types.ts'
import { testWith } from '../../support/programs.ts'
import type { Broker, BrokerOptions, ListenerSpec } from './broker.ts'
import { Authority, type Identity } from './certificates.ts'
import { startMosquitto } from './mosquitto.ts'
import { startRabbitmq } from './rabbitmq.ts'

const USER: MqttUser = { username: 'somebody', password: 'a pass:word' }
const LISTENERS: readonly ListenerSpec[] = [
  { protocol: 'mqtt' },
  { protocol: 'mqtts', clientCertificate: true },
  { protocol: 'ws' },
  { protocol: 'wss', clientCertificate: true },
]

const authority = await Authority.create()

/** MQTT.js, which is not what is tested here. Resolves to whether the broker let it in. */
function isLetIn(url: string, options: IClientOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const client: MqttClient = connect(url, { ...options, reconnectPeriod: 0 })
    const settle = (answer: boolean) => {
      resolve(answer)
      client.end(true)
    }
    client.once('connect', () => settle(true))
    client.once('close', () => settle(false))
    client.on('error', () => settle(false))
  })
}

function visit(broker: Broker, listener: number, user: MqttUser, own?: Identity): Promise<boolean> {
  const { host, port } = broker.targets[listener]!
  const { protocol, clientCertificate } = LISTENERS[listener]!
  return isLetIn(`${protocol}://${host}:${port}/mqtt`, {
    ...user,
    protocolVersion: 4,
    ca: authority.ca,
    // Given a certificate it would speak TLS to every listener.
    ...(clientCertificate && own && { cert: own.cert, key: own.key }),
  })
}

for (const [name, program, start] of [
  ['mosquitto', 'mosquitto', startMosquitto],
  ['rabbitmq', 'rabbitmq-server', startRabbitmq],
] as const)
  testWith(program)(
    `${name}: every listener with its user and certificate, on loopback only, killed and started again`,
    async () => {
      const options: BrokerOptions = {
        listeners: LISTENERS,
        users: [USER],
        tls: await authority.issue('broker'),
      }
      const broker = await start(options)
      try {
        const own = await authority.issue('client')
        for (const [i, listener] of LISTENERS.entries()) {
          const asked = listener.clientCertificate === true
          assert.is(await visit(broker, i, USER, own), true, listener.protocol)
          assert.is(await visit(broker, i, USER), !asked, `${listener.protocol} without a certificate`)
          assert.is(await visit(broker, i, { ...USER, password: 'wrong' }, own), false, 'a wrong password')
        }
        assert.equal(
          listeningAddresses(broker.pid).filter(
            (address) => !address.startsWith('127.') && address !== '::1',
          ),
          [],
        )
        await broker.kill()
        assert.is(await accepts('127.0.0.1', broker.targets[0]!.port), false)
        await broker.start()
        assert.is(await visit(broker, 0, USER), true)
      } finally {
        await broker.stop()
      }
      for (const { port } of broker.targets) assert.is(await accepts('127.0.0.1', port), false)
    },
  )

testWith('mosquitto')('mosquitto: WebSocket alone, everybody let in, two brokers at once', async () => {
  const brokers = await Promise.all([0, 1].map(() => startMosquitto({ listeners: [{ protocol: 'ws' }] })))
  for (const { targets } of brokers)
    assert.is(await isLetIn(`ws://127.0.0.1:${targets[0]!.port}/mqtt`, {}), true)
  await Promise.all(brokers.map((broker) => broker.stop()))
})

/** Empty for a descriptor that was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** Addresses that a process listens on, from /proc (Linux). */
function listeningAddresses(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).map(
      (fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1],
    ),
  )
  const LISTEN = '0A'
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8').trim().split('\n').slice(1),
  )
  const found = rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTEN && inodes.has(inode))
    .map(([, local]) => addressOf(local!.split(':')[0]!))
  assert.ok(
    found.length >= LISTENERS.length,
    `only ${found.length} listening sockets were found: the test is blind`,
  )
  return found
}

/** The kernel prints addresses as words in the machine's byte order. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse()
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.equals(Buffer.from('00000000000000000000000000000001', 'hex'))) return '::1'
  return bytes.toString('hex')
}

test.run()
