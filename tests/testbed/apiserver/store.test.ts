import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Change, Store } from '#weir/testbed/apiserver/store.ts'

const object = (name: string, value: number) => ({ metadata: { name, namespace: 'default' }, value })

type Command = { do: 'put'; name: string; value: number } | { do: 'remove'; name: string }
const name = fc.constantFrom('a', 'b', 'c', 'd')
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constant('put' as const), name, value: fc.nat() }),
  fc.record({ do: fc.constant('remove' as const), name }),
)

test('a listing and the changes after it give the present state, wherever the listing was made', () => {
  fc.assert(
    fc.property(fc.array(command), fc.nat(), (commands, cut) => {
      const store = new Store()
      const at = commands.length === 0 ? 0 : cut % commands.length
      let listed = new Map<string, unknown>()
      let revision = 0
      commands.forEach((each, i) => {
        if (i === at) {
          listed = new Map(store.list('x').map((item) => [item.metadata.name, item.value]))
          revision = store.revision
        }
        if (each.do === 'put') store.put('x', object(each.name, each.value))
        else store.remove('x', 'default', each.name)
      })
      for (const { type, object: changed } of store.since('x', revision) as Change[])
        if (type === 'DELETED') listed.delete(changed.metadata.name)
        else listed.set(changed.metadata.name, changed.value)
      const present = new Map(store.list('x').map((item) => [item.metadata.name, item.value]))
      assert.equal([...listed].sort(), [...present].sort())
    }),
  )
})

test('revisions grow by one with every write, over all resources', () => {
  const store = new Store()
  assert.is(store.put('x', object('a', 1)).metadata.resourceVersion, '1')
  assert.is(store.put('y', object('a', 1)).metadata.resourceVersion, '2')
  assert.is(store.remove('x', 'default', 'a')?.metadata.resourceVersion, '3')
  assert.is(store.revision, 3)
})

test('a stored object is a snapshot: later writes do not change it', () => {
  const store = new Store()
  const first = store.put('x', object('a', 1))
  store.put('x', object('a', 2))
  assert.is(first.value, 1)
  assert.is(first.metadata.resourceVersion, '1')
})

test('a version older than the history is named as too old, with the oldest that is not', () => {
  const store = new Store()
  for (let i = 0; i < 5000; i++) store.put('x', object('a', i))
  const old = store.since('x', 1)
  assert.not(Array.isArray(old))
  const { oldest } = old as { oldest: number }
  assert.ok(oldest > 1 && oldest < 5000)
  assert.is((store.since('x', oldest) as Change[]).length, 5000 - oldest)
})

test('listings are in order of namespace and name', () => {
  const store = new Store()
  for (const each of ['b', 'a', 'c']) store.put('x', object(each, 0))
  assert.equal(
    store.list('x').map((item) => item.metadata.name),
    ['a', 'b', 'c'],
  )
})

test.run()
