import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cameBy, FOR_ITSELF, needsTopic, Shares } from '#weir/bench/ledger/shared-subscriptions.ts'

test('a client without shared subscriptions has no subscriptions to tell apart', () => {
  assert.is(new Shares().subscriptionsOf(['a', 'b/#']), undefined)
})

test('with one shared subscription alone, every message came by it, whatever its topic', () => {
  const subscriptions = new Shares().subscriptionsOf(['$share/g/a/+'])!
  assert.is(needsTopic(subscriptions), false)
  assert.is(cameBy(subscriptions, ''), 0)
})

test('with several, the topic tells; the same subscription has the same place for all of a shard', () => {
  const shares = new Shares()
  const first = shares.subscriptionsOf(['$share/g/a/+', '$share/g/b', 'c/#'])!
  const second = shares.subscriptionsOf(['$share/h/a/+', '$share/g/b'])!
  assert.equal(shares.names, ['$share/g/a/+', '$share/g/b', '$share/h/a/+'])
  assert.is(needsTopic(first), true)
  assert.equal(
    ['a/1', 'b', 'c/x', 'd'].map((topic) => cameBy(first, topic)),
    [0, 1, FOR_ITSELF, FOR_ITSELF],
  )
  assert.equal(
    ['a/1', 'b'].map((topic) => cameBy(second, topic)),
    [2, 1],
  )
})

test.run()
