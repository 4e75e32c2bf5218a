import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { ASSERTION_IDS } from '#weir/facts/index.ts'
import { listScenarios } from '#weir/scenarios/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { weir } from './weir.ts'

const firstWords = (text: string) => [...text.matchAll(/^(\S+) /gm)].map(([, word]) => word)

test('faults list names every fault and who must catch it', async () => {
  const { code, stdout } = await weir(['faults', 'list'])
  assert.is(code, 0)
  assert.equal(
    firstWords(stdout),
    FAULTS.map(({ name }) => name),
  )
  for (const { caughtBy } of FAULTS) assert.ok(stdout.includes(caughtBy[0]!))
})

test('assertions list names every assertion', async () => {
  const { code, stdout } = await weir(['assertions', 'list'])
  assert.is(code, 0)
  assert.equal(firstWords(stdout), ASSERTION_IDS)
})

test('scenarios list, show and validate agree', async () => {
  const { stdout } = await weir(['scenarios', 'list'])
  const names = listScenarios().map(({ name }) => name)
  assert.equal(firstWords(stdout), names)
  for (const name of names) {
    const shown = await weir(['scenarios', 'show', name, '--set', 'fleet.clients=77'])
    assert.is(shown.code, 0, shown.stderr)
    assert.is(parse(shown.stdout).fleet.clients, 77)
    const valid = await weir(['scenarios', 'validate', name])
    assert.is(valid.stdout, `${name} is valid: scenario "${name}"\n`)
  }
})

test('lists fit a narrow terminal', async () => {
  for (const list of ['faults', 'scenarios', 'assertions'])
    for (const line of (await weir([list, 'list'], { columns: 80 })).stdout.split('\n'))
      assert.ok(line.length <= 80, line)
})

test.run()
