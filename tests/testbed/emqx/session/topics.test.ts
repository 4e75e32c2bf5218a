import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Session } from '#weir/testbed/emqx/session/session.ts'
import { TopicIndex } from '#weir/testbed/emqx/session/topic-index.ts'
import { matches, parseFilter, validTopicName } from '#weir/testbed/emqx/session/topics.ts'
import { seededRandom } from '#weir/testbed/runtime/random.ts'

test('wildcards match as the standard says (MQTT 5 §4.7.1)', () => {
  for (const [filter, topic, expected] of [
    ['sport/tennis/player1/#', 'sport/tennis/player1', true],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
    ['sport/#', 'sport', true],
    ['#', 'a/b', true],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['+/+', '/finance', true],
    ['/+', '/finance', true],
    ['+', '/finance', false],
    ['#', '$SYS/x', false],
    ['+/monitor', '$SYS/monitor', false],
    ['$SYS/#', '$SYS/x', true],
  ] as const)
    assert.is(matches(filter, topic), expected, `${filter} ${topic}`)
})

test('knows valid filters and names', () => {
  assert.equal(parseFilter('$share/g/a/+'), { filter: 'a/+', group: 'g' })
  assert.equal(parseFilter('$queue/a'), { filter: 'a', group: '$queue' })
  assert.equal(parseFilter('a/b'), { filter: 'a/b' })
  for (const bad of ['', 'a/#/b', 'a#', 'a+/b', '$share//a', '$share/g', '$share/g+/a'])
    assert.is(parseFilter(bad), undefined, bad)
  assert.is(validTopicName('a/b'), true)
  for (const bad of ['', 'a/+', '#']) assert.is(validTopicName(bad), false, bad)
})

const level = fc.constantFrom('a', 'b', '', '$x')
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'))
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, hash]) => [...levels, ...(hash ? ['#'] : [])].join('/'))

test('the index finds exactly the filters that match, also after some were removed', () => {
  fc.assert(
    fc.property(
      fc.array(filter, { maxLength: 12 }),
      fc.array(fc.nat(11)),
      topic,
      (filters, removed, name) => {
        const valid = [...new Set(filters.filter((one) => parseFilter(one) !== undefined))]
        const index = new TopicIndex(seededRandom(1))
        const session = new Session()
        for (const one of valid) index.add(one, undefined, session)
        const kept = valid.filter((_, position) => !removed.includes(position))
        for (const one of valid) if (!kept.includes(one)) index.remove(one, undefined, session)
        const found: string[] = []
        index.each(name, (_, one) => found.push(one))
        assert.equal(found.sort(), kept.filter((one) => matches(one, name)).sort())
        assert.is(index.size, kept.length)
      },
    ),
    { numRuns: 300 },
  )
})

test('a shared group gets each message once', () => {
  const index = new TopicIndex<Session<unknown>>(seededRandom(3))
  const members = [new Session(), new Session(), new Session()]
  for (const member of members) index.add('t', 'g', member)
  const counts = members.map(() => 0)
  for (let message = 0; message < 300; message++)
    index.each('t', (session) => {
      counts[members.indexOf(session)]!++
    })
  assert.is(
    counts.reduce((sum, count) => sum + count),
    300,
  )
  for (const count of counts) assert.ok(count > 50, `${counts}`)
})

test.run()
