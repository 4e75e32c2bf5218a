/** What a server tells a client of itself reaches whoever owns the fleet, from threads and from processes. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { targetName } from '#weir/bench/engine/lifecycle/targets.ts'
import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import { FakeBroker } from '../support/fake-broker.ts'
import { fleetSpec } from '../support/fleet-spec.ts'
import { History } from '../support/history.ts'
import { until } from '../support/until.ts'

for (const [where, spread] of [
  ['two threads', { workers: 2 }],
  ['two processes', { workers: 1, processes: 2 }],
] as const) {
  test(`${where}: the record names the servers that clients were referred to`, async () => {
    const clients = 8
    const away = await FakeBroker.listen()
    const home = await FakeBroker.listen({
      onConnect(visit) {
        visit.send({
          cmd: 'connack',
          sessionPresent: false,
          reasonCode: 0x9d,
          properties: { serverReference: targetName(away.target) },
        })
        visit.socket.end()
      },
    })
    const history = new History()
    const spec = fleetSpec({ clients, targets: [home.target], followServerReference: true, ...spread })
    const fleet = await startFleet(spec, history.add)
    await until('all are online elsewhere', () => fleet.counters().online === clients)
    await fleet.stop()
    for (const broker of [home, away]) await broker.close()
    const targets = (kind: string) =>
      history.rows.filter((row) => row.kind === kind).map(({ target }) => target)
    assert.equal(targets('refused'), Array(clients).fill(targetName(home.target)))
    assert.equal(targets('connected'), Array(clients).fill(targetName(away.target)))
  })

  test(`${where}: the fleet's table has the ids that servers assigned`, async () => {
    const clients = 8
    let given = 0
    const broker = await FakeBroker.listen({
      onConnect: (visit) => visit.accept(false, { assignedClientIdentifier: `given${given++}` }),
    })
    const spec = fleetSpec({ clients, targets: [broker.target], clientId: '', ...spread })
    const history = new History()
    const fleet = await startFleet(spec, history.add)
    await until('the events are in', () => history.count('connected') === clients)
    assert.equal(
      broker.visits.map(({ connect }) => connect.clientId),
      Array(clients).fill(''),
    )
    assert.equal(
      [...fleet.table.ids].sort(),
      Array.from({ length: clients }, (_, k) => `given${k}`),
    )
    await fleet.stop()
    await broker.close()
  })
}

test.run()
