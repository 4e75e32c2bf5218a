/** --find-rate against a broker that answers so many clients a second and lets the others wait. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findRate } from '#weir/bench/command/find-rate.ts'
import type { ConnFlags } from '#weir/bench/command/flags.ts'
import { EXIT, WeirError } from '#weir/errors/index.ts'
import { FakeBroker } from '../support/fake-broker.ts'

const PER_SECOND = 200
/** Coarse, and whatever else the machine does. */
const SEARCH = { precision: 0.5, confirm: 1, mostTrials: 20, mostSeconds: 120, isLate: () => false }

async function slowBroker(): Promise<FakeBroker> {
  let freeAtMs = 0
  return FakeBroker.listen({
    onConnect(visit) {
      const now = performance.now()
      freeAtMs = Math.max(now, freeAtMs) + 1000 / PER_SECOND
      setTimeout(() => visit.accept(), freeAtMs - now)
    },
  })
}

async function found(port: number, changes: ConnFlags, signal = new AbortController().signal) {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  const output = { live: false, columns: 80, print: say, note: () => {}, draw: () => {} }
  const flags: ConnFlags = {
    ...{ hostname: '127.0.0.1', port, count: 50, workers: 1, 'find-rate': true },
    ...{ 'in-flight': 10_000, 'most-p99': 1000, ...changes },
  }
  const exitCode = await findRate({ command: 'conn', flags }, output, signal, SEARCH)
  return { exitCode, said }
}

test('the largest rate lies where the queue of two seconds becomes longer than the bound', async () => {
  const broker = await slowBroker()
  const { exitCode, said } = await found(broker.port, { 'rate-from': 100, 'rate-to': 800, json: true })
  await broker.close()
  const { end, holds, fails, tried } = JSON.parse(said[0]!)
  assert.equal([exitCode, end], [EXIT.pass, 'found'])
  // At 300 a second the last of 600 clients comes after 2 s and is answered after 3 s.
  assert.ok(holds >= 100 && holds < 400 && fails <= 500, `${holds} to ${fails}`)
  assert.ok(tried.every(({ trials }: { trials: unknown[] }) => trials.length > 0))
})

test('a broker that refuses everybody fails at the smallest rate, with its answer', async () => {
  const broker = await FakeBroker.listen({ onConnect: (visit) => visit.refuse(0x97) })
  const { exitCode, said } = await found(broker.port, { 'rate-from': 50, 'maximum-reconnect-times': 0 })
  await broker.close()
  assert.is(exitCode, EXIT.fail)
  assert.match(said.at(-1)!, 'not even 50/s, the smallest rate that was asked for, holds')
})

test('it ends when it is interrupted', async () => {
  const broker = await FakeBroker.listen({ onConnect: () => {} })
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 200)
  const { exitCode } = await found(broker.port, { 'rate-from': 50 }, stop.signal)
  await broker.close()
  assert.is(exitCode, EXIT.interrupted)
})

test('flags that make no sense are refused in one line', async () => {
  const refused: [ConnFlags, RegExp][] = [
    [{ rate: 5 }, /--find-rate and --rate cannot be combined/],
    [{ 'rate-from': 100, 'rate-to': 50 }, /--rate-from 100 is larger than --rate-to 50/],
    [{ 'rate-from': 0 }, /--rate-from is 0 but must be a whole number/],
    [{ 'most-p99': 0 }, /--most-p99 is 0 but must be/],
  ]
  for (const [flags, words] of refused)
    await found(1, flags).then(
      () => assert.unreachable(`${JSON.stringify(flags)} was accepted`),
      (error) => assert.ok(error instanceof WeirError && words.test(error.message), error.message),
    )
})

test.run()
