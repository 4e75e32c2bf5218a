import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assertions, findAssertion } from '#weir/assertions/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { projectFile } from '../support/project-file.ts'

const folder = (name: string) => projectFile(`assertions/${name}/`)

test('every file that defines an assertion is in the registry, under its own name', () => {
  const defined = ['client', 'cluster'].flatMap((name) =>
    readdirSync(folder(name)).flatMap((file) => {
      const text = readFileSync(new URL(file, folder(name)), 'utf8')
      return /: Assertion = \{/.test(text) ? [file.replace('.ts', '')] : []
    }),
  )
  assert.equal([...defined].sort(), assertions.map(({ id }) => id).sort())
})

test('ids are unique, and each assertion says what it is, where it comes from and what its bounds mean', () => {
  assert.is(new Set(assertions.map(({ id }) => id)).size, assertions.length)
  for (const { id, title, source, bounds, faults } of assertions) {
    assert.is(findAssertion(id)?.id, id)
    assert.ok(title.length > 10 && source.length > 5, id)
    assert.ok(faults.length > 0, `${id} has no fault that it must catch`)
    for (const [name, bound] of Object.entries(bounds)) {
      assert.type(bound.default, 'number', `${id}.${name}`)
      assert.ok(bound.meaning.length > 5, `${id}.${name}`)
    }
  }
})

test('each fault names assertions that exist, and each assertion claims exactly the faults that it must catch', () => {
  for (const { name, caughtBy } of FAULTS)
    for (const id of caughtBy) assert.ok(findAssertion(id), `${name} is to be caught by ${id}`)
  for (const { id, faults } of assertions) {
    const mustCatch = FAULTS.filter(({ caughtBy }) => caughtBy.includes(id)).map(({ name }) => name)
    assert.equal([...faults].sort(), mustCatch.sort(), id)
  }
})

test.run()
