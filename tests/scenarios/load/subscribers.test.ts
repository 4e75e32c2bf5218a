/** Who hears whom in a scenario's fleet. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadScenario } from '#weir/scenarios/index.ts'
import { subscribersOf, trafficProblems, withoutSubscriber } from '#weir/scenarios/load/subscribers.ts'

const fleetOf = (clients: number) => ({
  ...loadScenario('blue-green-quick').fleet,
  clients,
  clientId: 'weir-%i',
})

test('in a fleet of a multiple of four each speaker is heard by one other client, which is persistent', () => {
  for (const clients of [4, 8, 300, 3000]) {
    const fleet = fleetOf(clients)
    const { group, publish, will } = subscribersOf(fleet)
    for (let client = 0; client < clients; client++) {
      const { publish: publishes, will: has } = fleet.groups[group[client]!]!
      assert.equal(publish[client], publishes ? [(client + 2) % clients] : [])
      assert.is(will[client]!.length, has ? 1 : 0)
      for (const listener of [...publish[client]!, ...will[client]!]) {
        assert.ok(fleet.groups[group[listener]!]!.persistent)
        assert.is.not(listener, client)
      }
    }
    assert.equal(withoutSubscriber(fleet, { group, publish, will }), [])
  }
})

test('in a fleet of any other size a few at its end speak to nobody, and it is known how many', () => {
  for (const clients of [5, 6, 7, 301, 1001, 1002, 1003]) {
    const unheard = withoutSubscriber(fleetOf(clients), subscribersOf(fleetOf(clients)))
    for (const one of unheard) assert.ok(one.unheard <= 1 && one.clients >= one.unheard, `${clients}`)
  }
  assert.ok(withoutSubscriber(fleetOf(1001), subscribersOf(fleetOf(1001))).length > 0)
})

test('a topic that nobody could ever hear is refused where messages are to be judged, and only there', () => {
  const fleet = fleetOf(300)
  const groups = fleet.groups.map((group) =>
    group.publish ? { ...group, publish: { ...group.publish, topic: 'elsewhere/%i' } } : group,
  )
  const [problem, other] = trafficProblems({ ...fleet, groups }, ['messages', 'wills'])
  assert.equal(problem?.path, ['fleet', 'groups', 1, 'publish', 'topic'])
  assert.match(problem?.what ?? '', /"elsewhere\/%i": no client of the fleet subscribes to it/)
  assert.equal(other?.path, ['fleet', 'groups', 3, 'publish', 'topic'])
  assert.equal(trafficProblems({ ...fleet, groups }, ['wills']), [])
  assert.equal(trafficProblems(fleet, ['messages', 'wills']), [])
})

test('a fleet that is too small for its pattern is no mistake of the pattern', () => {
  for (const clients of [1, 2, 3])
    assert.equal(trafficProblems(fleetOf(clients), ['messages', 'wills']), [], `${clients}`)
})

test.run()
