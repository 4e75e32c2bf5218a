import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FakeBroker, type Visit } from '../../support/fake-broker.ts'
import { startShard } from '../../support/one-shard.ts'
import { until } from '../../support/until.ts'

for (const protocol of ['3.1.1', '5'] as const)
  test(`MQTT ${protocol}: a clean client connects, stays and leaves`, async () => {
    const broker = await FakeBroker.listen()
    const shard = startShard(broker.port, {
      group: { name: 'g', share: 1, protocol, persistent: false },
      keepAliveSeconds: 77,
      username: 'user',
      password: 'secret',
    })
    await until('the client is online', () => shard.counters().online === 1)
    const history = await shard.stop()
    await until('the broker read the DISCONNECT', () => broker.packets('disconnect').length === 1)
    await broker.close()
    assert.equal(history.story(0), ['scheduled', 'attempt', 'connected 0', 'left stopped'])
    const [visit] = broker.visits
    assert.is(visit!.connect.protocolVersion, protocol === '5' ? 5 : 4)
    assert.is(visit!.connect.clean, true)
    assert.is(visit!.connect.keepalive, 77)
    assert.is(visit!.connect.username, 'user')
    assert.is(visit!.connect.password?.toString(), 'secret')
    assert.is(visit!.connect.properties?.sessionExpiryInterval, undefined)
  })

for (const [protocol, code] of [
  ['5', 0x9c],
  ['3.1.1', 3],
] as const)
  test(`MQTT ${protocol}: a CONNACK that refuses is counted with its code, and tried again`, async () => {
    const broker = await FakeBroker.listen({
      onConnect(visit) {
        if (broker.visits.length <= 2) visit.refuse(code)
        else visit.accept()
      },
    })
    const shard = startShard(broker.port, { group: { name: 'g', share: 1, protocol, persistent: false } })
    await until('the client is online', () => shard.counters().online === 1)
    const history = await shard.stop()
    await broker.close()
    const refusal = ['attempt', `refused connack ${code}`]
    assert.equal(history.story(0), [
      'scheduled',
      ...refusal,
      ...refusal,
      'attempt',
      'connected 0',
      'left stopped',
    ])
  })

test('nobody listens: connection-refused, and tried again until somebody does', async () => {
  const broker = await FakeBroker.listen()
  await broker.close()
  const shard = startShard(broker.port)
  await until('it failed three times', () => shard.counters().failed >= 3)
  await broker.open()
  await until('the client is online', () => shard.counters().online === 1)
  const history = await shard.stop()
  await broker.close()
  assert.equal(history.story(0).slice(0, 3), ['scheduled', 'attempt', 'failed connection-refused'])
  assert.is(history.count('failed', 'connection-refused'), history.count('failed'))
})

test('no CONNACK in time: connack-timeout, and tried again', async () => {
  const broker = await FakeBroker.listen({
    onConnect(visit) {
      if (broker.visits.length > 1) visit.accept()
    },
  })
  const shard = startShard(broker.port, { connackTimeoutMs: 300 })
  await until('the client is online', () => shard.counters().online === 1)
  const history = await shard.stop()
  await broker.close()
  assert.equal(history.story(0).slice(0, 3), ['scheduled', 'attempt', 'failed connack-timeout'])
})

test('no TCP handshake in time: connect-timeout', async () => {
  // A listener that accepts nobody, with its backlog full: the kernel drops further SYNs.
  const { port, release } = await fullListener()
  const shard = startShard(port, { connectTimeoutMs: 200 })
  await until('the attempt timed out', () => shard.counters().failed >= 1)
  const history = await shard.stop()
  await release()
  assert.equal(history.story(0).slice(0, 3), ['scheduled', 'attempt', 'failed connect-timeout'])
})

test('the broker closes or resets before the CONNACK: closed, reset', async () => {
  const order = new Map<Visit, number>()
  const broker = await FakeBroker.listen({
    onSocket(visit) {
      order.set(visit, order.size)
      if (order.get(visit) === 0) visit.socket.end()
    },
    onConnect(visit) {
      if (order.get(visit) === 1) visit.socket.resetAndDestroy()
      if (order.get(visit) === 2) visit.accept()
    },
  })
  const shard = startShard(broker.port)
  await until('the client is online', () => shard.counters().online === 1)
  const history = await shard.stop()
  await broker.close()
  const reasons = history.rows.filter(({ kind }) => kind === 'failed').map(({ reason }) => reason)
  assert.is(reasons.length, 2)
  assert.is(reasons[1], 'reset')
  // The CONNECT may already have been on its way when the broker closed; a kernel answers that with a reset.
  assert.ok(reasons[0] === 'closed' || reasons[0] === 'reset', reasons[0])
})

for (const [what, bytes] of [
  [
    'no MQTT at all',
    `HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>${'x'.repeat(100)}</html>`,
  ],
  ['a greeting shorter than its second byte claims', '220 smtp ready\r\n'],
  ['one byte that begins no CONNACK', '2'],
  ['a PINGRESP first', '\xd0\x00'],
  ['a packet that no server sends', '\xc0\x00'],
  ['a length that cannot be', '\x20\xff\xff\xff\xff\x7f'],
  ['a CONNACK with a property that does not exist', '\x20\x05\x00\x00\x02\x7e\x00'],
] as const)
  test(`instead of a CONNACK ${what}: protocol-error, and tried again`, async () => {
    const broker = await FakeBroker.listen({
      onConnect(visit) {
        if (broker.visits.length > 1) visit.accept()
        else visit.socket.write(Buffer.from(bytes, 'latin1'))
      },
    })
    const shard = startShard(broker.port)
    await until('the client is online', () => shard.counters().online === 1)
    const history = await shard.stop()
    await broker.close()
    // Only what begins as a CONNACK is read on.
    const code = !bytes.startsWith('\x20') ? 0x82 : 0x81
    assert.equal(history.story(0).slice(0, 3), ['scheduled', 'attempt', `failed protocol-error ${code}`])
  })

test('no more connects are in flight than allowed, at the start and when all come back', async () => {
  const clients = 40
  let asking = 0
  let most = 0
  const broker = await FakeBroker.listen({
    onConnect(visit) {
      most = Math.max(most, ++asking)
      setTimeout(() => {
        asking--
        visit.accept()
      }, 10)
    },
  })
  const shard = startShard(broker.port, { clients, connectsInFlight: 4 })
  await until('all are online', () => shard.counters().online === clients)
  assert.is(most, 4)
  most = 0
  for (const { socket } of broker.visits) socket.destroy()
  await until('all were thrown out', () => shard.counters().disconnected === clients)
  await until('all are online again', () => shard.counters().online === clients)
  await shard.stop()
  await broker.close()
  assert.is(most, 4)
})

test('a client gives up when its policy says so, and is reported as lost', async () => {
  const broker = await FakeBroker.listen({ onConnect: (visit) => visit.refuse(0x87) })
  const shard = startShard(broker.port, { clients: 3, reconnect: { kind: 'fixed', baseMs: 10, tries: 2 } })
  await until('all gave up', () => shard.counters().gaveUp === 3)
  const history = await shard.stop()
  await broker.close()
  const refusal = ['attempt', `refused connack ${0x87}`]
  for (const client of [0, 1, 2])
    assert.equal(history.story(client), [
      'scheduled',
      ...refusal,
      ...refusal,
      ...refusal,
      'gave-up policy-exhausted',
    ])
})

test('an accepted connection starts the count of tries anew', async () => {
  const broker = await FakeBroker.listen({
    onConnect(visit) {
      if (broker.visits.length % 2 === 1) visit.refuse(0x88)
      else visit.accept()
    },
  })
  const shard = startShard(broker.port, { reconnect: { kind: 'fixed', baseMs: 10, tries: 2 } })
  for (let round = 1; round <= 4; round++) {
    await until(
      'the client is online',
      () => shard.counters().online === 1 && broker.visits.length === 2 * round,
    )
    broker.visits.at(-1)!.socket.destroy()
  }
  await until('the client is online a fifth time', () => shard.counters().connected === 5)
  const history = await shard.stop()
  await broker.close()
  assert.is(history.count('gave-up'), 0)
})

/** A port whose queue of connections is full and stays so: its process has been stopped before it could accept any. */
async function fullListener(): Promise<{ port: number; release: () => Promise<void> }> {
  const script = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
    require('fs').writeSync(1, String(this.address().port))
    process.kill(process.pid, 'SIGSTOP')
  })`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (data) => resolve(Number(data))),
  )
  const fillers = Array.from({ length: 8 }, () =>
    connect({ port, host: '127.0.0.1' }).on('error', () => undefined),
  )
  await until('the queue is full', () => fillers.some((filler) => !filler.connecting))
  return {
    port,
    async release() {
      for (const filler of fillers) filler.destroy()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    },
  }
}

test.run()
