import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { BenchCommand, CommonFlags, PubFlags, SubFlags } from '#weir/bench/command/flags.ts'
import { fleetSpec } from '#weir/bench/command/fleet-spec.ts'
import { refused } from './refused.ts'

type AnyFlags = CommonFlags & Omit<SubFlags, 'topic'> & Omit<PubFlags, 'topic'> & { topic?: unknown }

const specOf = (command: BenchCommand, flags: object) =>
  fleetSpec({ command, flags } as Parameters<typeof fleetSpec>[0])
const conn = (flags: CommonFlags = {}) => specOf('conn', flags)
const group = (flags: CommonFlags = {}) => conn(flags).groups[0]!

test('nothing given: MQTTX’s defaults', () => {
  const { clientId, clockZeroNs, ...rest } = conn()
  assert.match(clientId, /^weir_[0-9a-f]{8}_%i$/)
  assert.is(typeof clockZeroNs, 'bigint')
  assert.equal(rest, {
    clients: 1000,
    seed: 1,
    targets: [{ host: 'localhost', port: 1883 }],
    transport: { protocol: 'mqtt' },
    arrival: { kind: 'interval', everyMs: 10 },
    groups: [{ name: 'all', share: 1, protocol: '5', persistent: false, sessionExpirySeconds: 0 }],
    keepAliveSeconds: 30,
    reconnect: { kind: 'fixed', baseMs: 1000, tries: 10 },
    connectTimeoutMs: 30_000,
    connackTimeoutMs: 30_000,
    connectsInFlight: 64,
    workers: 0,
  })
})

test('the default client id is a random prefix and the index; %u is the user name', () => {
  assert.is.not(conn().clientId, conn().clientId)
  assert.is(conn({ 'client-id': 'mine' }).clientId, 'mine')
  assert.is(conn({ 'client-id': '%u-%i', username: 'me' }).clientId, 'me-%i')
})

test('--no-clean keeps a session for ever, as with MQTTX, or for as long as -se says', () => {
  assert.equal(
    [group({ clean: false }).persistent, group({ clean: false }).sessionExpirySeconds],
    [true, 0xffff_ffff],
  )
  assert.is(group({ clean: false, 'session-expiry-interval': 60 }).sessionExpirySeconds, 60)
  assert.is(group({ 'session-expiry-interval': 60 }).persistent, false)
  assert.is(group({ clean: false, 'mqtt-version': '3.1.1' }).sessionExpirySeconds, 0)
})

test('a reconnect period of 0 is never; a policy goes by its name', () => {
  assert.equal(conn({ 'reconnect-period': 0 }).reconnect, { kind: 'fixed', baseMs: 0, tries: 0 })
  assert.equal(conn({ reconnect: 'paho-java' }).reconnect, { preset: 'paho-java' })
})

test('what a CONNECT says beyond the usual', () => {
  assert.equal(
    group({
      'receive-maximum': 10,
      'maximum-packet-size': 1000,
      'topic-alias-maximum': 5,
      'req-response-info': true,
      'req-problem-info': false,
      'user-properties': ['a: 1', 'b: x: y', 'a: 2'],
    }).connect,
    {
      receiveMaximum: 10,
      maximumPacketSize: 1000,
      topicAliasMaximum: 5,
      requestResponseInformation: true,
      requestProblemInformation: false,
      userProperties: { a: ['1', '2'], b: ['x: y'] },
    },
  )
})

test('user properties of sub and pub belong to their own packets, -Cup to the CONNECT', () => {
  const flags = { topic: ['t'], 'user-properties': ['a: 1'], 'conn-user-properties': ['c: 2'] }
  const sub = specOf('sub', flags).groups[0]!
  assert.equal(sub.connect, { userProperties: { c: ['2'] } })
  assert.equal(sub.subscribe![0]!.userProperties, { a: ['1'] })
  const pub = specOf('pub', { ...flags, topic: 't' }).groups[0]!
  assert.equal(pub.connect, { userProperties: { c: ['2'] } })
  assert.equal(pub.publish!.properties, { userProperties: { a: ['1'] } })
})

test('who accounts for messages of other processes, and who waits for all clients, or their failures', () => {
  assert.is(specOf('sub', { topic: ['t'], verify: true }).otherFleets, true)
  assert.is(specOf('sub', { topic: ['t'] }).otherFleets, undefined)
  assert.is(specOf('pub', { topic: 't', 'wait-before-publishing': true }).trafficStart, 'when-all-tried')
  assert.is(specOf('pub', { topic: 't' }).trafficStart, undefined)
})

test('what is passed on as it is', () => {
  const spec = conn({
    engine: 'mqttjs',
    'follow-server-reference': true,
    ifaddr: ['127.0.0.2,127.0.0.3', '127.0.0.4'],
    processes: 2,
    workers: 3,
    'in-flight': 9,
    'connect-timeout': 2,
  })
  const expected = {
    engine: 'mqttjs',
    followServerReference: true,
    sourceAddresses: ['127.0.0.2', '127.0.0.3', '127.0.0.4'],
    processes: 2,
    workers: 3,
    connectsInFlight: 9,
    connectTimeoutMs: 2000,
    connackTimeoutMs: 2000,
  }
  for (const [field, value] of Object.entries(expected))
    assert.equal(spec[field as keyof typeof spec], value, field)
})

const REFUSED: [BenchCommand, AnyFlags, string][] = [
  ['conn', { port: 0 }, '--port'],
  ['conn', { keepalive: 70_000 }, '--keepalive'],
  ['conn', { count: 0 }, '--count'],
  ['conn', { count: Number.NaN }, '--count'],
  ['conn', { workers: -1 }, '--workers'],
  ['conn', { processes: 0.5 }, '--processes'],
  ['conn', { 'in-flight': 0 }, '--in-flight'],
  ['conn', { 'connect-timeout': 0 }, '--connect-timeout'],
  ['conn', { duration: 0 }, '--duration'],
  ['conn', { duration: 5 }, 'the last of 1000 clients starts after 10.0 s'],
  ['conn', { engine: 'rust' }, '--engine'],
  ['conn', { rate: 5, schedule: 'spike' }, '--rate and --schedule cannot be combined'],
  ['conn', { 'session-expiry-interval': -1 }, '--session-expiry-interval'],
  ['conn', { 'receive-maximum': 0 }, '--receive-maximum'],
  ['conn', { 'mqtt-version': '3.1.1', password: 'p' }, 'user name'],
  [
    'conn',
    { 'mqtt-version': '3.1.1', 'session-expiry-interval': 5 },
    '--session-expiry-interval needs MQTT 5',
  ],
  ['conn', { 'mqtt-version': '3.1.1', 'user-properties': ['a: b'] }, '--user-properties needs MQTT 5'],
  ['conn', { 'mqtt-version': '3.1' }, 'MQTT 3.1 is not supported'],
  ['conn', { 'mqtt-version': '4' }, 'unknown version'],
  ['conn', { 'authentication-method': 'SCRAM-SHA-1' }, '--authentication-method is not supported'],
  ['conn', { 'user-properties': ['novalue'] }, '"name: value"'],
  ['conn', { 'will-message': 'bye' }, '--will-message requires --will-topic'],
  ['conn', { 'will-topic': 'a/#' }, 'wildcards'],
  ['conn', { 'will-topic': 'a', 'will-qos': 3 }, '--will-qos'],
  ['conn', { ca: 'x.pem' }, '--ca requires -l mqtts or -l wss'],
  ['conn', { path: '/mqtt' }, '--path requires -l ws'],
  ['conn', { protocol: 'quic' }, '--protocol'],
  ['sub', {}, '--topic is missing'],
  ['sub', { topic: ['a+'] }, 'a whole level'],
  ['sub', { topic: ['$share/g'] }, '$share/NAME/FILTER'],
  ['sub', { topic: ['$share/g/a'], no_local: ['true'] }, 'MQTT 5 §3.8.3.1'],
  ['sub', { topic: ['a'], no_local: ['maybe'] }, 'true or false'],
  ['pub', {}, '--topic is missing'],
  ['pub', { topic: 'a/+' }, 'wildcards'],
  ['pub', { topic: 'a', dup: true }, '--dup requires QoS'],
  ['pub', { topic: 'a', verify: true, message: 'm' }, '--verify and --message'],
  ['pub', { topic: 'a', message: 'm', 'payload-size': '1KB' }, '--message and --payload-size'],
  ['pub', { topic: 'a', split: '' }, '--split requires --file-read'],
  ['pub', { topic: 'a', verify: true, 'payload-size': '10B' }, 'needs 20'],
  ['pub', { topic: 'a', 'file-read': '/no/such/file' }, '/no/such/file cannot be read'],
  ['pub', { topic: 'a', 'message-interval': -1 }, '--message-interval'],
  ['pub', { topic: 'a', window: 0 }, '--window'],
  ['pub', { topic: 'a', window: 5 }, '--window requires -q 1 or -q 2'],
  ['pub', { topic: 'a', verbose: true, json: true }, '--verbose and --json cannot be combined'],
  ['sub', { topic: ['a'], verbose: true, json: true }, '--verbose and --json cannot be combined'],
  [
    'conn',
    { 'mqtt-version': '3.1.1', 'follow-server-reference': true },
    '--follow-server-reference needs MQTT 5',
  ],
  [
    'conn',
    { 'reconnect-period': 0, 'maximum-reconnect-times': 5 },
    '--maximum-reconnect-times requires a -rp above 0',
  ],
]

for (const [command, flags, words] of REFUSED)
  test(`${command} ${JSON.stringify(flags)} is refused by name`, () => {
    refused(() => specOf(command, flags), words)
  })

test.run()
