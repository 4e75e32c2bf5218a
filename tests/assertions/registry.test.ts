import { readdirSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ASSERTION_IDS, definitionOf } from '#weir/facts/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { projectFile } from '../support/project-file.ts'

test('every assertion has a file of its own, named after it', () => {
  const files = readdirSync(projectFile('assertions/checks/')).map((file) => file.replace('.ts', ''))
  assert.equal(files.sort(), [...ASSERTION_IDS].sort())
})

test('each assertion says what it is, where it comes from, what it needs and what its bounds mean', () => {
  for (const id of ASSERTION_IDS) {
    const { title, source, bounds, needs } = definitionOf(id)
    assert.ok(title.length > 10 && source.length > 5 && needs.length > 0, id)
    for (const [name, { default: value, meaning }] of Object.entries(bounds)) {
      assert.type(value, 'number', `${id}.${name}`)
      assert.ok(meaning.length > 5, `${id}.${name}`)
    }
  }
})

test('ranks in the headline are unique', () => {
  assert.is(new Set(ASSERTION_IDS.map((id) => definitionOf(id).rank)).size, ASSERTION_IDS.length)
})

test('each assertion has a fault that it must catch', () => {
  const caught = new Set(FAULTS.flatMap(({ caughtBy }) => caughtBy))
  assert.equal(
    ASSERTION_IDS.filter((id) => !caught.has(id)),
    [],
  )
})

test.run()
