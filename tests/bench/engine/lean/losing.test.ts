import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { uniform } from '#weir/bench/random/uniform.ts'
import { FakeBroker, type Visit } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

const V311 = { name: 'v311', share: 1, protocol: '3.1.1', persistent: false } as const

/** Lets one client connect, does something to it, waits until it is back, and returns its story. */
async function lose(
  how: (visit: Visit) => void,
  options: Parameters<typeof startShard>[1] = {},
): Promise<string[]> {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, options)
  await until('the client is online', () => shard.counters().online === 1)
  how(broker.visits[0]!)
  await until('the client is back', () => shard.counters().connected === 2)
  const history = await shard.stop()
  await broker.close()
  return history.story(0)
}

const around = (ending: string) => [
  'scheduled',
  'attempt',
  'connected 0',
  ending,
  'attempt',
  'connected 0',
  'left stopped',
]

test('DISCONNECT 0x9C and then FIN is one event, with the code', async () => {
  const story = await lose((visit) => {
    visit.send({ cmd: 'disconnect', reasonCode: 0x9c })
    visit.socket.end()
  })
  assert.equal(story, around(`disconnected disconnect-packet ${0x9c}`))
})

test('DISCONNECT with a server reference, as EMQX writes it, and no FIN at all', async () => {
  const story = await lose((visit) =>
    visit.socket.write(Buffer.from('e0139c111c000e3132372e302e302e323a31383833', 'hex')),
  )
  assert.equal(story, around(`disconnected disconnect-packet ${0x9c}`))
})

test('DISCONNECT without a body is code 0', async () => {
  assert.equal(
    await lose((visit) => visit.socket.write(Buffer.from([0xe0, 0]))),
    around('disconnected disconnect-packet 0'),
  )
})

test('DISCONNECT is timed at the packet, not at the FIN that follows much later', async () => {
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port)
  await until('the client is online', () => shard.counters().online === 1)
  const [visit] = broker.visits
  visit!.send({ cmd: 'disconnect', reasonCode: 0x9c })
  // No FIN: only the packet can have ended it.
  await until('the client saw it', () => shard.counters().disconnected === 1)
  await until('the client closed its side', () => visit!.socket.readableEnded || visit!.socket.destroyed)
  await shard.stop()
  await broker.close()
})

for (const [protocol, group] of [
  ['3.1.1', V311],
  ['5', undefined],
] as const)
  test(`MQTT ${protocol}: FIN without a packet is closed`, async () => {
    assert.equal(
      await lose((visit) => visit.socket.end(), group ? { group } : {}),
      around('disconnected closed'),
    )
  })

test('a FIN much later than an accepted CONNACK is closed, and no refusal', async () => {
  const story = await lose((visit) => setTimeout(() => visit.socket.end(), 50), { group: V311 })
  assert.equal(story, around('disconnected closed'))
})

test('RST is reset', async () => {
  assert.equal(await lose((visit) => visit.socket.resetAndDestroy()), around('disconnected reset'))
})

test('DISCONNECT to an MQTT 3.1.1 client is a protocol error', async () => {
  const story = await lose((visit) => visit.socket.write(Buffer.from([0xe0, 0])), { group: V311 })
  assert.equal(story, around(`disconnected protocol-error ${0x81}`))
})

test('a second CONNACK, an AUTH that nobody asked for, a packet type 0: protocol errors', async () => {
  for (const [hex, code] of [
    ['2003000000', 0x82],
    ['f000', 0x82],
    ['0000', 0x81],
  ] as const)
    assert.equal(
      await lose((visit) => visit.socket.write(Buffer.from(hex, 'hex'))),
      around(`disconnected protocol-error ${code}`),
    )
})

test('answers to what was never sent do no harm', async () => {
  const story = await lose((visit) => {
    for (const cmd of ['puback', 'pubrec', 'pubcomp']) visit.send({ cmd, messageId: 9 })
    visit.send({ cmd: 'unsuback', messageId: 9, granted: [0] })
    visit.socket.end()
  })
  assert.equal(story, around('disconnected closed'))
})

test('the broker goes away and comes back: every client returns', async () => {
  const clients = 200
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { clients })
  await until('all are online', () => shard.counters().online === clients)
  await broker.close()
  await until(
    'all were lost, and found nobody',
    () => shard.counters().online === 0 && shard.counters().failed >= clients,
  )
  await broker.open()
  await until('all are back', () => shard.counters().online === clients)
  const history = await shard.stop()
  await broker.close()
  assert.is(history.count('disconnected'), clients)
  assert.is(history.count('connected'), 2 * clients)
  assert.is(history.count('gave-up'), 0)
})

test('the wait before coming back is the policy’s, counted from the loss', async () => {
  const waitMs = 150
  const broker = await FakeBroker.listen()
  const shard = startShard(broker.port, { clients: 20, reconnect: { kind: 'fixed', baseMs: waitMs } })
  await until('all are online', () => shard.counters().online === 20)
  for (const { socket } of broker.visits) socket.end()
  await until('all are back', () => shard.counters().connected === 40)
  const history = await shard.stop()
  await broker.close()
  for (let client = 0; client < 20; client++) {
    const rows = history.of(client)
    const lost = rows.findIndex(({ kind }) => kind === 'disconnected')
    const waitedMs = (rows[lost + 1]!.t - rows[lost]!.t) / 1e6
    // It may be late on a busy machine, but never early.
    assert.ok(waitedMs >= waitMs, `client ${client} waited ${waitedMs} ms`)
  }
})

test('each client draws its waits from the seed, whatever the others do', async () => {
  const clients = 10
  const seed = 5
  const baseMs = 40
  const broker = await FakeBroker.listen({ onConnect: (visit) => visit.refuse(0x97) })
  const reconnect = { kind: 'exponential', baseMs, jitter: 'full', tries: 4 } as const
  const shard = startShard(broker.port, { clients, seed, reconnect })
  await until('all gave up', () => shard.counters().gaveUp === clients)
  const history = await shard.stop()
  await broker.close()
  for (let client = 0; client < clients; client++) {
    const ends = history.of(client).filter(({ kind }) => kind === 'refused')
    const starts = history.of(client).filter(({ kind }) => kind === 'attempt')
    for (let draw = 0; draw < 4; draw++) {
      const waitedMs = (starts[draw + 1]!.t - ends[draw]!.t) / 1e6
      const drawnMs = baseMs * 2 ** draw * uniform(seed, client, draw)
      // Late on a busy machine, but never early: with any other draws half of these would be.
      assert.ok(
        waitedMs >= drawnMs,
        `client ${client}, draw ${draw}: waited ${waitedMs} ms for ${drawnMs} ms`,
      )
    }
  }
})

test.run()
