import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { until } from '../support/until.ts'
import { benchProcess, killLeft } from './bench-process.ts'
import { closeLeft, listen } from './brokers-of-test.ts'

test.after.each(closeLeft)
test.after.each(killLeft)

const bench = (args: string[], env: NodeJS.ProcessEnv = {}) => benchProcess(['conn', ...args], env)

test('the seed’s flags, and every other, reach the CONNECT; Ctrl-C ends it cleanly', async () => {
  const broker = await listen()
  const flags =
    '-c 5 -i 2 -V 3.1.1 -h 127.0.0.1 -I dev-%i --no-clean -k 44 -u me -P secret -rp 50 --maximum-reconnect-times 3 --workers 2 --seed 9'
  const run = bench(['-p', String(broker.port), ...flags.split(' ')])
  await run.saying('all 5 clients are connected')
  run.interrupt()
  assert.is(await run.code, 0, run.said.stderr)
  await broker.close()
  assert.equal(broker.visits.map(({ connect }) => connect.clientId).sort(), [
    'dev-0',
    'dev-1',
    'dev-2',
    'dev-3',
    'dev-4',
  ])
  for (const { connect } of broker.visits) {
    assert.is(connect.protocolVersion, 4)
    assert.is(connect.clean, false)
    assert.is(connect.keepalive, 44)
    assert.is(connect.username, 'me')
    assert.is(connect.password?.toString(), 'secret')
  }
  assert.match(run.said.stdout, '5 online at the end')
})

test('the password comes from the environment, which no process list shows', async () => {
  const broker = await listen({ user: { username: 'me', password: 'secret' } })
  const env = { WEIR_MQTT_USERNAME: 'me', WEIR_MQTT_PASSWORD: 'secret' }
  const run = bench(['-h', '127.0.0.1', '-p', String(broker.port), '-c', '2', '-i', '1'], env)
  await run.saying('all 2 clients are connected')
  run.interrupt()
  assert.is(await run.code, 0, run.said.stderr)
  await broker.close()
})

test('Prometheus sees what the status line shows', async () => {
  const broker = await listen()
  const run = bench(['-h', '127.0.0.1', '-p', String(broker.port), '-c', '4', '-i', '1', '--prometheus', '0'])
  await run.saying('all 4 clients are connected')
  const [url] = /http:\S+\/metrics/.exec(run.said.stderr)!
  const text = await (await fetch(url)).text()
  run.interrupt()
  assert.is(await run.code, 0, run.said.stderr)
  await broker.close()
  assert.match(text, /^weir_bench_online 4$/m)
  assert.match(text, /^weir_bench_attempts_total 4$/m)
})

test('what is saved once is run again', async () => {
  const broker = await listen()
  const folder = mkdtempSync(join(tmpdir(), 'weir-conn-'))
  const file = join(folder, 'flags.yaml')
  const flags = ['-h', '127.0.0.1', '-p', String(broker.port), '-c', '2', '-i', '1', '-I', 'saved-%i']
  for (const words of [
    [...flags, '-P', 'hunter2', '-so', file],
    ['-lo', file, '-P', 'hunter2', '-c', '3'],
  ]) {
    const run = bench(words)
    await run.saying('clients are connected after')
    run.interrupt()
    assert.is(await run.code, 0, run.said.stderr)
  }
  await broker.close()
  assert.not.match(readFileSync(file, 'utf8'), 'hunter2')
  rmSync(folder, { recursive: true, force: true })
  const ids = broker.visits.map(({ connect }) => connect.clientId)
  assert.equal(ids.sort(), ['saved-0', 'saved-0', 'saved-1', 'saved-1', 'saved-2'])
})

test('two processes, as one', async () => {
  const broker = await listen()
  const run = bench(['-h', '127.0.0.1', '-p', String(broker.port), '-c', '6', '-i', '1', '--processes', '2'])
  await run.saying('all 6 clients are connected')
  run.interrupt()
  assert.is(await run.code, 0, run.said.stderr)
  await broker.close()
  assert.match(run.said.stdout, /attempts +6: 6 accepted/)
  assert.is(new Set(broker.visits.map(({ connect }) => connect.clientId)).size, 6)
})

test('Ctrl-C before all have connected: everything is let go, and the exit code says so', async () => {
  const broker = await listen()
  const run = bench(['-h', '127.0.0.1', '-p', String(broker.port), '-c', '1000', '-i', '1000'])
  await until('the first has come', () => broker.visits.length > 0)
  run.interrupt()
  assert.is(await run.code, 130, run.said.stderr)
  await broker.close()
  assert.match(run.said.stdout, /^clients +1000: /)
})

test('MQTTX’s defaults: version 5, clean, keep-alive 30', async () => {
  const broker = await listen()
  const run = bench(['-h', '127.0.0.1', '-p', String(broker.port), '-c', '3'])
  await run.saying('all 3 clients are connected')
  run.interrupt()
  assert.is(await run.code, 0, run.said.stderr)
  await broker.close()
  for (const { connect } of broker.visits) {
    assert.equal([connect.protocolVersion, connect.clean, connect.keepalive], [5, true, 30])
    assert.match(connect.clientId, /^weir_[0-9a-f]{8}_\d$/)
  }
})

test('-rp 0 never reconnects; --reconnect takes a policy by name', async () => {
  const broker = await listen({ onConnect: (visit) => visit.refuse(0x88) })
  for (const flags of [
    ['-rp', '0'],
    ['--reconnect', 'emqtt-bench'],
  ]) {
    broker.visits.length = 0
    const run = bench(['-h', '127.0.0.1', '-p', String(broker.port), '-c', '2', ...flags])
    assert.is(await run.code, 4)
    assert.is(broker.visits.length, 2)
    assert.match(run.said.stderr, /^weir: 2 of 2 clients were not connected .*\[WEIR_BROKER\]$/m)
  }
  await broker.close()
})

test.run()
