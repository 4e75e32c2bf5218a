import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { FilterTree } from '#weir/bench/traffic/filter-tree.ts'
import { filterOf, isShared, matches } from '#weir/bench/traffic/topic.ts'

/** From the examples of MQTT 5 §4.7.1 and §4.7.2. */
const TABLE: [filter: string, topic: string, matches: boolean][] = [
  ['sport/tennis/player1/#', 'sport/tennis/player1', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
  ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
  ['sport/#', 'sport', true],
  ['#', 'a/b', true],
  ['sport/tennis/+', 'sport/tennis/player1', true],
  ['sport/tennis/+', 'sport/tennis/player1/ranking', false],
  ['sport/+', 'sport', false],
  ['sport/+', 'sport/', true],
  ['+/+', '/finance', true],
  ['/+', '/finance', true],
  ['+', '/finance', false],
  ['#', '$SYS/a', false],
  ['+/monitor/Clients', '$SYS/monitor/Clients', false],
  ['$SYS/#', '$SYS/a', true],
  ['$SYS/monitor/+', '$SYS/monitor/Clients', true],
  ['a/b', 'a/b', true],
  ['a/b', 'a/B', false],
  ['a/b', 'a/b/', false],
]

test('filters match as MQTT says', () => {
  for (const [filter, topic, wanted] of TABLE) {
    assert.is(matches(filter, topic), wanted, `${filter} ${topic}`)
    const tree = new FilterTree<string>()
    tree.add(filter, filter)
    assert.equal(tree.match(topic), wanted ? [filter] : [], `tree: ${filter} ${topic}`)
  }
})

test('the tree finds what looking at every filter finds', () => {
  const level = fc.constantFrom('a', 'b', '', '$x')
  const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'))
  const filter = fc
    .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([levels, hash]) => (hash ? [...levels, '#'] : levels).join('/'))
  fc.assert(
    fc.property(fc.array(filter, { maxLength: 12 }), topic, (filters, name) => {
      const tree = new FilterTree<number>()
      for (const [i, one] of filters.entries()) tree.add(one, i)
      const wanted = filters.flatMap((one, i) => (matches(one, name) ? [i] : []))
      assert.equal(
        tree.match(name).sort((a, b) => a - b),
        wanted,
      )
    }),
  )
})

test('the filter of a shared subscription is what follows its name', () => {
  assert.is(filterOf('$share/g/a/+/c'), 'a/+/c')
  assert.is(filterOf('a/b'), 'a/b')
  assert.ok(isShared('$share/g/a'))
  assert.not(isShared('$share/g'))
  assert.not(isShared('$shared/g/a'))
})

test.run()
