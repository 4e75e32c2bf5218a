/** What clients say when they come, from the group's spec. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { GroupSpec } from '#weir/bench/types.ts'
import { plain } from '../../support/arbitrary-requests.ts'
import { FakeBroker, type Visit } from '../../support/fake-broker.ts'
import { type OneShard, startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

const group = (more: Partial<GroupSpec> = {}): GroupSpec => ({
  name: 'g',
  share: 1,
  protocol: '5',
  persistent: false,
  ...more,
})

/** Lets clients come, waits until `done`, and gives what the broker heard. */
async function greet(
  options: Parameters<typeof startShard>[1],
  done: (broker: FakeBroker, shard: OneShard) => boolean = (_, shard) =>
    shard.counters().online === (options?.clients ?? 1),
  accept?: (visit: Visit) => void,
): Promise<FakeBroker> {
  const broker = await FakeBroker.listen(accept ? { onConnect: accept } : {})
  const shard = startShard(broker.port, options)
  await until('the clients said it', () => done(broker, shard))
  await shard.stop()
  await broker.close()
  return broker
}

const CONNECT = {
  receiveMaximum: 10,
  maximumPacketSize: 1000,
  topicAliasMaximum: 5,
  requestResponseInformation: true,
  requestProblemInformation: false,
  userProperties: { team: 'a', site: ['x', 'y'] },
}

test('MQTT 5: every property of the connect, and user and password', async () => {
  const broker = await greet({
    group: group({ connect: CONNECT, sessionExpirySeconds: 60 }),
    username: 'u',
    password: 'p',
  })
  const { properties, username, password, will } = broker.visits[0]!.connect
  const { userProperties, ...others } = CONNECT
  assert.equal(
    { ...properties, userProperties: plain(properties?.userProperties) },
    { sessionExpiryInterval: 60, ...others, userProperties },
  )
  assert.is(username, 'u')
  assert.is(password?.toString(), 'p')
  assert.is(will, undefined)
})

test('a will with all it may have; its topic knows whose it is', async () => {
  const will = {
    topic: 'will/%i/%c/%u/%{i+1}',
    message: 'gone',
    qos: 2,
    retain: true,
    delaySeconds: 7,
    properties: {
      payloadFormatIndicator: 1,
      messageExpirySeconds: 9,
      contentType: 'text',
      responseTopic: 'r',
      correlationData: 'c',
      userProperties: { k: 'v' },
    },
  } as const
  const broker = await greet({ clients: 2, username: 'ann', group: group({ will }) })
  for (const i of [0, 1]) {
    const said = broker.visitsOf(`c${i}`)[0]!.connect.will!
    assert.is(said.topic, `will/${i}/c${i}/ann/${1 - i}`)
    assert.is(said.payload.toString(), 'gone')
    assert.is(said.qos, 2)
    assert.is(said.retain, true)
    const { userProperties, ...properties } = said.properties!
    assert.equal(properties, {
      willDelayInterval: 7,
      payloadFormatIndicator: true,
      messageExpiryInterval: 9,
      contentType: 'text',
      responseTopic: 'r',
      correlationData: Buffer.from('c'),
    })
    assert.equal(plain(userProperties), { k: 'v' })
  }
})

test('MQTT 3.1.1 has the will, and none of the properties', async () => {
  const broker = await greet({
    group: group({
      protocol: '3.1.1',
      will: { topic: 'w', message: 'm', qos: 1, delaySeconds: 7, properties: { contentType: 'x' } },
    }),
  })
  const { will, properties } = broker.visits[0]!.connect
  assert.is(properties, undefined)
  assert.equal([will!.topic, will!.payload.toString(), will!.qos, will!.retain], ['w', 'm', 1, false])
  assert.is(will!.properties, undefined)
})

test('several subscriptions with their options: one SUBSCRIBE for each set of properties', async () => {
  const subscribe = [
    { topic: 'a/%c', qos: 0, noLocal: true },
    { topic: 'b/%i', qos: 1, identifier: 7, retainAsPublished: true },
    { topic: 'c/%{i+1}', qos: 2, retainHandling: 2 },
    { topic: '$share/g/d', qos: 1, identifier: 7 },
    { topic: 'e', qos: 0, identifier: 7, userProperties: { k: 'v' } },
  ] as const
  const broker = await greet(
    { clients: 2, group: group({ subscribe }) },
    (_, shard) => shard.counters().subscribed === 2,
  )
  const requests = broker.visitsOf('c1')[0]!.packets.filter(({ cmd }) => cmd === 'subscribe')
  assert.equal(
    requests.map((request) =>
      request.cmd === 'subscribe' ? [request.properties?.subscriptionIdentifier, request.subscriptions] : [],
    ),
    [
      [
        undefined,
        [
          { topic: 'a/c1', qos: 0, nl: true, rap: false, rh: 0 },
          { topic: 'c/0', qos: 2, nl: false, rap: false, rh: 2 },
        ],
      ],
      [
        7,
        [
          { topic: 'b/1', qos: 1, nl: false, rap: true, rh: 0 },
          { topic: '$share/g/d', qos: 1, nl: false, rap: false, rh: 0 },
        ],
      ],
      [7, [{ topic: 'e', qos: 0, nl: false, rap: false, rh: 0 }]],
    ],
  )
  const ids = requests.map(({ messageId }) => messageId)
  assert.is(new Set(ids).size, 3, 'each has a packet id of its own')
})

test('subscribed are those whose every subscription was granted, as long as they are online', async () => {
  const broker = await FakeBroker.listen()
  const subscribe = [
    { topic: 'a', qos: 0 },
    { topic: 'b', qos: 0, identifier: 1 },
  ] as const
  const shard = startShard(broker.port, { clients: 3, group: group({ subscribe, persistent: true }) })
  await until('all are subscribed', () => shard.counters().subscribed === 3)
  broker.onConnect = () => undefined
  broker.visits[0]!.socket.end()
  await until('one is no longer', () => shard.counters().subscribed === 2)
  await until('it asks to come back', () => broker.visits.length === 4)
  broker.visits[3]!.accept(true)
  await until('its session still has them', () => shard.counters().subscribed === 3)
  assert.is(broker.packets('subscribe').length, 6)
  await shard.stop()
  assert.is(shard.counters().subscribed, 0)
  await broker.close()
})

test('one refusal among several SUBACKs counts once, and the client is not subscribed', async () => {
  const broker = await FakeBroker.listen({
    onPacket(visit, packet) {
      if (packet.cmd !== 'subscribe') return
      const refuse = packet.properties?.subscriptionIdentifier !== 2
      visit.send({ cmd: 'suback', messageId: packet.messageId, granted: [refuse ? 0x87 : 1] })
    },
  })
  const subscribe = [1, 2, 3].map((identifier) => ({ topic: `t${identifier}`, qos: 1, identifier }) as const)
  const shard = startShard(broker.port, { group: group({ subscribe }) })
  await until('it was refused', () => shard.counters().subscribesRefused > 0)
  // Another exchange proves that every SUBACK was read.
  broker.visits[0]!.sendMessage()
  await until('the message was acknowledged', () => broker.packets('puback').length === 1)
  assert.is(shard.counters().subscribesRefused, 1)
  assert.is(shard.counters().subscribed, 0)
  for (const { socket } of broker.visits) socket.end()
  await shard.stop()
  await broker.close()
})

test('what the server has no room for is not asked of it: it counts as refused', async () => {
  const cases: [string, { topic: string; identifier?: number }, Record<string, unknown>][] = [
    ['wildcards', { topic: 'a/+' }, { wildcardSubscriptionAvailable: false }],
    ['wildcards', { topic: '#' }, { wildcardSubscriptionAvailable: false }],
    ['identifiers', { topic: 'a', identifier: 1 }, { subscriptionIdentifiersAvailable: false }],
    ['shares', { topic: '$share/g/a' }, { sharedSubscriptionAvailable: false }],
    ['large packets', { topic: 'a'.repeat(100) }, { maximumPacketSize: 50 }],
  ]
  for (const [what, subscription, properties] of cases) {
    const broker = await greet(
      { group: group({ subscribe: [{ ...subscription, qos: 1 }] }) },
      (_, shard) => shard.counters().subscribesRefused === 1,
      (visit) => visit.accept(false, properties),
    )
    assert.equal(broker.packets('subscribe'), [], what)
  }
})

test('the + of %{i+N} is no wildcard', async () => {
  const broker = await greet(
    { group: group({ subscribe: [{ topic: 'to/%{i+1}', qos: 1 }] }) },
    (_, shard) => shard.counters().subscribed === 1,
    (visit) => visit.accept(false, { wildcardSubscriptionAvailable: false }),
  )
  assert.is(broker.packets('subscribe')[0]!.subscriptions[0]!.topic, 'to/0')
})

test('the server’s session expiry decides whether a goodbye for good has something to end', async () => {
  const goodbye = async (asked: number, told: number | undefined) => {
    const broker = await greet(
      { endSessions: true, group: group({ persistent: asked > 0, sessionExpirySeconds: asked }) },
      undefined,
      (visit) => visit.accept(false, told === undefined ? {} : { sessionExpiryInterval: told }),
    )
    return broker.packets('disconnect')[0]!.properties?.sessionExpiryInterval
  }
  assert.is(await goodbye(60, undefined), 0)
  assert.is(await goodbye(60, 30), 0)
  assert.is(await goodbye(60, 0), undefined)
  assert.is(await goodbye(0, undefined), undefined)
})

test.run()
