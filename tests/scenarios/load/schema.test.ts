/** The schema for editors is written from the definition, and the rooms that own its words agree with it. */

import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import type { FleetSpec } from '#weir/bench/types.ts'
import { ASSERTION_IDS } from '#weir/facts/index.ts'
import { editorSchema } from '#weir/scenarios/definition/json-schema.ts'
import { listScenarios } from '#weir/scenarios/index.ts'
import type { Scenario } from '#weir/scenarios/types.ts'
import { waits } from '#weir/scenarios/waits/index.ts'
import { matchesGolden } from '../../reports/golden.ts'
import { projectFile } from '../../support/project-file.ts'

interface Schema {
  properties: Record<string, Schema>
  items: Schema
  enum?: string[]
  oneOf: Schema[]
}

const schema = editorSchema() as unknown as Schema

test('scenario.schema.json is what the definition says', () => {
  matchesGolden(`${JSON.stringify(schema, null, 2)}\n`, projectFile('scenarios/scenario.schema.json'))
})

test('a scenario’s fleet is one that the generator takes', () => {
  const taken = (fleet: Scenario['fleet']): Pick<FleetSpec, 'arrival' | 'groups' | 'reconnect'> => fleet
  assert.type(taken, 'function')
})

test('editors accept every scenario that comes with weir', () => {
  const check = new Ajv({ strict: false }).compile(schema as object)
  for (const { name, file } of listScenarios())
    assert.ok(check(parse(readFileSync(file, 'utf8'))), `${name}: ${JSON.stringify(check.errors)}`)
})

test('editors know every assertion', () => {
  assert.equal(schema.properties.assert?.properties.except?.items.enum, ASSERTION_IDS)
})

test('waits are those of the registry', () => {
  const words = schema.properties.steps?.items.properties.waitFor?.enum ?? []
  assert.equal(
    words.filter((word) => word !== null),
    Object.keys(waits),
  )
})

test.run()
