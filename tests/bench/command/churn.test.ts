import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ConnFlags } from '#weir/bench/command/flags.ts'
import { fleetSpec } from '#weir/bench/command/fleet-spec.ts'
import { weir } from '../../cli/weir.ts'
import { closeLeft, listen } from './brokers-of-test.ts'
import { refused } from './refused.ts'

test.after.each(closeLeft)

const churn = (flags: ConnFlags) => fleetSpec({ command: 'conn', flags }).churn

test('each client is due once for every client', () => {
  assert.equal(churn({ churn: 2, count: 500, rate: 100 }), { stayMs: 2000, periodMs: 5000 })
  assert.equal(churn({ churn: 0.5, count: 100, interval: 10 }), { stayMs: 500, periodMs: 1000 })
  assert.is(churn({ count: 100 }), undefined)
})

test('what cannot be is refused', () => {
  refused(() => churn({ churn: 10, count: 100, rate: 50 }), 'each is due again after 2.00 s: use -c 550')
  refused(() => churn({ churn: 1, schedule: 'spike' }), '--churn requires a constant rate')
  refused(() => churn({ churn: 1, interval: 0 }), '--churn requires a constant rate')
  refused(() => churn({ churn: 0 }), '--churn is 0')
  refused(() => churn({ churn: 1, reconnect: 'paho-java' }), '--churn and --reconnect cannot be combined')
  refused(() => churn({ churn: 1, 'find-rate': true }), '--churn and --find-rate cannot be combined')
})

const LOAD = '-c 20 --rate 40 --churn 0.2 --duration 2 -h 127.0.0.1 --json'.split(' ')

test('the rate goes on, and clients that are away at the end are away by plan', async () => {
  const broker = await listen()
  const ran = await weir(['bench', 'conn', ...LOAD, '-p', String(broker.port)])
  assert.is(ran.code, 0, ran.stderr)
  const summary = JSON.parse(ran.stdout.trim().split('\n').at(-1)!)
  assert.ok(
    summary.attempts > 60 && summary.attempts <= 82,
    `${summary.attempts} attempts in 2 s at 40 per second`,
  )
  assert.ok(summary.leftByPlan >= summary.connected - 20)
  assert.is(summary.disconnected, 0)
})

test('a connection that fails is a failure, though others came after it', async () => {
  let visits = 0
  const broker = await listen({
    onConnect: (visit) => (++visits === 5 ? visit.refuse(0x97) : visit.accept()),
  })
  const ran = await weir(['bench', 'conn', ...LOAD, '-p', String(broker.port)])
  assert.is(ran.code, 4)
  assert.match(
    ran.stderr,
    /1 of \d+ connections to .* failed or were lost, .* CONNACK 0x97 quota exceeded, 1 times/,
  )
})

test.run()
