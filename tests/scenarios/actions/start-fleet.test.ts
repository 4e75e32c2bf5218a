import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { FleetTable } from '#weir/facts/index.ts'
import { startFleet } from '#weir/scenarios/actions/start-fleet.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { FakeBroker } from '../../bench/support/fake-broker.ts'
import { until } from '../../bench/support/until.ts'
import { type FakeRun, fakeRun } from '../fake-run.ts'

const CLIENTS = 8

test('the fleet and the probe beside it are the user that the run was given, of whom nothing is recorded', async () => {
  const user = { username: 'bench', password: 'n0-b0dy-may-read-this' }
  const broker = await FakeBroker.listen({ user })
  const recorded: unknown[] = []
  const plain = fakeRun({}, loadScenario('blue-green-quick', { set: [`fleet.clients=${CLIENTS}`] }))
  const run: FakeRun = { ...plain, access: { ...plain.access, ...user } }
  Object.assign(run.clock, { zeroNs: process.hrtime.bigint() })
  Object.assign(run.cluster, { clientAddresses: async () => [broker.target] })
  Object.assign(run.record, {
    clients: (batch: unknown) => void recorded.push(batch),
    fleet: async (table: unknown) => void recorded.push(table),
  })
  await startFleet(run, { action: 'start-fleet', deadlineSeconds: 60 })
  const probes = () => broker.visits.filter(({ connect }) => connect.clientId.startsWith('weir_probe'))
  await until('all are online, and a probe came', () => {
    return run.state.fleet?.counters().online === CLIENTS && probes().length > 0
  })
  await run.cleanUp.all((stop) => stop())
  await broker.close()
  assert.ok(broker.visits.length > CLIENTS)
  for (const { connect } of broker.visits)
    assert.equal([connect.username, connect.password?.toString()], [user.username, user.password])
  assert.not.match(JSON.stringify([recorded, run.events, run.manifests]), new RegExp(user.password))
})

test('the record of the fleet says what its clients say, and who hears their wills', async () => {
  const broker = await FakeBroker.listen()
  const tables: FleetTable[] = []
  const run = fakeRun({}, loadScenario('blue-green-quick', { set: ['fleet.clients=9'] }))
  Object.assign(run.clock, { zeroNs: process.hrtime.bigint() })
  Object.assign(run.cluster, { clientAddresses: async () => [broker.target] })
  Object.assign(run.record, {
    clients: () => undefined,
    fleet: async (table: FleetTable) => void tables.push(table),
  })
  await startFleet(run, { action: 'start-fleet', deadlineSeconds: 60 })
  await run.cleanUp.all((stop) => stop())
  await broker.close()
  const [table] = tables
  assert.equal(
    table?.groups.map(({ publishes, will }) => [publishes?.qos, will?.delaySeconds, will?.sessionSeconds]),
    [
      [undefined, 0, 0],
      [1, 30, 3600],
      [undefined, undefined, undefined],
      [2, undefined, undefined],
    ],
  )
  assert.equal(table?.willWatchers, [[1], [3], [], [], [5], [7], [], [], []])
  const notes = run.of('note').map(({ text }) => text)
  assert.ok(
    notes.some((text) =>
      text.startsWith('1 of 3 clients of "v5-clean" have no subscriber in the fleet for their wills'),
    ),
    notes.join(),
  )
})

test.run()
