import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ConnFlags } from '#weir/bench/command/flags.ts'
import { runBench } from '#weir/bench/command/run-bench.ts'
import { EXIT, WeirError } from '#weir/errors/index.ts'
import { FakeBroker } from '../support/fake-broker.ts'
import { until } from '../support/until.ts'

function conn(port: number, changes: ConnFlags = {}) {
  const flags: ConnFlags = {
    hostname: '127.0.0.1',
    port,
    count: 20,
    interval: 1,
    'client-id': 'c%i',
    'reconnect-period': 10,
    'maximum-reconnect-times': 2,
    workers: 1,
    ...changes,
  }
  return { command: 'conn', flags } as const
}

function recorder(live = false) {
  const said = { printed: [] as string[], noted: [] as string[], drawn: [] as string[] }
  return {
    said,
    live,
    columns: 60,
    print: (text: string) => void said.printed.push(text),
    note: (text: string) => void said.noted.push(text),
    draw: (text: string) => void said.drawn.push(text),
  }
}

test('it holds until it is stopped, then says what was, and all is well', async () => {
  const broker = await FakeBroker.listen()
  const output = recorder()
  const stop = new AbortController()
  const running = runBench(conn(broker.port), output, stop.signal)
  await until('it says that all are connected', () =>
    output.said.noted.some((line) => line.startsWith('all 20 clients')),
  )
  stop.abort()
  assert.is(await running, EXIT.pass)
  await until('the broker read the goodbyes', () => broker.packets('disconnect').length === 20)
  await broker.close()
  const [clients, attempts, disconnected, first] = output.said.printed
  assert.match(clients!, '20: 20 connected at least once, 20 online at the end, 0 gave up')
  assert.match(attempts!, '20: 20 accepted, 0 refused, 0 failed')
  assert.match(disconnected!, /disconnected +0$/)
  assert.match(
    first!,
    /first CONNACK +p50 [\d.]+ ms, p90 [\d.]+ ms, p99 [\d.]+ ms, p99\.9 [\d.]+ ms, max [\d.]+ ms/,
  )
})

test('a duration ends it by itself', async () => {
  const broker = await FakeBroker.listen()
  const output = recorder()
  const unstopped = new AbortController().signal
  const ending = await runBench(conn(broker.port, { duration: 1 }), output, unstopped).catch(
    (error: unknown) => error,
  )
  await broker.close()
  // A very slow machine may not have connected all within the second, and says so.
  assert.ok(
    ending === EXIT.pass || (ending instanceof WeirError && ending.code === 'WEIR_BROKER'),
    String(ending),
  )
  assert.match(output.said.printed[0]!, /^clients +20: /)
})

test('when all have given up there is nothing to hold: WEIR_BROKER, with what was most often the trouble', async () => {
  const broker = await FakeBroker.listen({ onConnect: (visit) => visit.refuse(0x87) })
  const output = recorder()
  const error = await runBench(conn(broker.port), output, new AbortController().signal).catch(
    (reason: unknown) => reason,
  )
  await broker.close()
  assert.instance(error, WeirError)
  assert.is((error as WeirError).code, 'WEIR_BROKER')
  assert.match(
    (error as WeirError).message,
    `20 of 20 clients were not connected to 127.0.0.1:${broker.port}`,
  )
  assert.match(
    (error as WeirError).message,
    'refused: CONNACK 0x87 not authorized, 60 times: check --username',
  )
  assert.ok(
    output.said.printed.some((line) =>
      /of the broker +60 × refused: CONNACK 0x87 not authorized$/.test(line),
    ),
  )
})

test('stopped before all were connected: interrupted', async () => {
  const broker = await FakeBroker.listen({ onConnect: () => undefined })
  const stop = new AbortController()
  const running = runBench(conn(broker.port), recorder(), stop.signal)
  await until('they are asking', () => broker.visits.length === 20)
  stop.abort()
  assert.is(await running, EXIT.interrupted)
  await broker.close()
})

test('stopped before it began', async () => {
  const broker = await FakeBroker.listen()
  const code = await runBench(conn(broker.port, { interval: 60_000 }), recorder(), AbortSignal.abort())
  await broker.close()
  assert.is(code, EXIT.interrupted)
})

test('on a terminal the line is drawn again and again within its width, and cleared at the end', async () => {
  const broker = await FakeBroker.listen()
  const output = recorder(true)
  const stop = new AbortController()
  const running = runBench(conn(broker.port), output, stop.signal)
  await until(
    'it has drawn twice',
    () => output.said.drawn.filter((text) => text.includes('online')).length >= 2,
  )
  stop.abort()
  await running
  await broker.close()
  for (const text of output.said.drawn) {
    assert.ok(text.startsWith('\r\x1b[K'))
    assert.ok(text.length <= 59 + '\r\x1b[K'.length, text)
    assert.not.match(text, '\n')
  }
  assert.is(output.said.drawn.at(-1), '\r\x1b[K')
})

test.run()
