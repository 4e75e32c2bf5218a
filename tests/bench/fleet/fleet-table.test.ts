import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assignGroups, fleetTable } from '#weir/bench/fleet/fleet-table.ts'
import { WeirError } from '#weir/errors/index.ts'
import { fleetSpec } from '../support/fleet-spec.ts'

test('equal shares alternate', () => {
  assert.equal(assignGroups([1, 1], 6), [0, 1, 0, 1, 0, 1])
})

test('any run of neighbours has each group in proportion', () => {
  const share = fc.integer({ min: 0, max: 20 })
  fc.assert(
    fc.property(fc.array(share, { minLength: 1, maxLength: 4 }), fc.nat({ max: 400 }), (shares, from) => {
      fc.pre(shares.some((each) => each > 0))
      const total = shares.reduce((sum, each) => sum + each, 0)
      const group = assignGroups(shares, 600)
      const run = group.slice(from, from + 200)
      for (const [g, each] of shares.entries()) {
        const expected = (each / total) * run.length
        assert.ok(
          Math.abs(run.filter((of) => of === g).length - expected) <= shares.length,
          `group ${g} of ${shares}`,
        )
        assert.ok(each > 0 || !group.includes(g))
      }
    }),
  )
})

test('shares that are none are refused', () => {
  for (const shares of [[], [0, 0], [1, -1], [Number.NaN]])
    assert.throws(
      () => assignGroups(shares, 3),
      (error: unknown) => error instanceof WeirError && error.code === 'WEIR_USAGE',
    )
})

test('client ids: %i is the index, and without it the index follows', () => {
  const ids = (clientId: string, clients: number) => fleetTable(fleetSpec({ clientId, clients })).ids
  assert.equal(ids('dev-%i-%i', 2), ['dev-0-0', 'dev-1-1'])
  assert.equal(ids('dev', 2), ['dev_0', 'dev_1'])
  assert.equal(ids('dev', 1), ['dev'])
})

test('the table says what the record wants to know of each group', () => {
  const { groups, group } = fleetTable(
    fleetSpec({
      clients: 4,
      groups: [
        { name: 'a', share: 3, protocol: '5', persistent: true, subscribe: [{ topic: 't', qos: 1 }] },
        { name: 'b', share: 1, protocol: '3.1.1', persistent: false },
      ],
    }),
  )
  assert.equal(groups, [
    { name: 'a', protocol: '5', persistent: true, subscribed: true },
    { name: 'b', protocol: '3.1.1', persistent: false, subscribed: false },
  ])
  assert.equal([...group].sort(), [0, 0, 0, 1])
})

test('an empty id leaves it to the server, for each client', () => {
  assert.equal(fleetTable(fleetSpec({ clients: 3, clientId: '' })).ids, ['', '', ''])
})

test.run()
