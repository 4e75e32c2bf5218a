import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import { UPDATE_ASSERTION_IDS } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { over } from '#weir/scenarios/load/base.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-base-'))
test.after(() => rmSync(dir, { recursive: true }))

function file(text: string, name = 'mine'): string {
  const path = join(dir, `${name}.yaml`)
  writeFileSync(path, text)
  return path
}

const mine = (more: string) => file(`name: mine\ndescription: Mine.\nbase: blue-green\n${more}`)

function refused(load: () => unknown, words: RegExp): void {
  assert.throws(
    load,
    (error: unknown) => error instanceof WeirError && words.test(`${error.code} ${error.message}`),
  )
}

test('objects merge, null removes, lists replace', () => {
  const merged = over(
    { a: { b: 1, c: 2 }, list: [1, 2], gone: 1 },
    { a: { c: 3, d: null }, list: [3], gone: null, new: { x: null } },
  )
  assert.equal(merged, { a: { b: 1, c: 3 }, list: [3], new: {} })
})

test('lists of named items merge by name; new names are added', () => {
  const merged = over([{ name: 'a', x: 1 }, { name: 'b' }], [{ name: 'a', y: 2 }, { name: 'c' }])
  assert.equal(merged, [{ name: 'a', x: 1, y: 2 }, { name: 'b' }, { name: 'c' }])
})

test('a named item is deleted, in the fleet and in the manifest', () => {
  assert.equal(over([{ name: 'a' }, { name: 'b' }], [{ name: 'a', $patch: 'delete' }, { name: 'c' }]), [
    { name: 'b' },
    { name: 'c' },
  ])
  const { fleet } = loadScenario(
    mine('assert: [hops]\nfleet:\n  groups:\n    - { name: v5-clean, $patch: delete }\n'),
  )
  assert.equal(
    fleet.groups.map(({ name }) => name),
    ['v5-persistent', 'v311-clean', 'v311-persistent'],
  )
})

test('an item that the base lacks cannot be deleted, nor all of them, and nothing else is a patch', () => {
  const groups = (...rows: string[]) =>
    mine(`fleet:\n  groups:\n${rows.map((row) => `    - { ${row} }\n`).join('')}`)
  refused(
    () => loadScenario(groups('name: v5-clean, share: 2', 'name: v5-cleam, $patch: delete')),
    /mine\.yaml:7: fleet\.groups\.1: the base has no "v5-cleam" to delete.*v5-clean/,
  )
  refused(
    () => loadScenario(groups('name: v5-clean, $patch: replace')),
    /mine\.yaml:6: fleet\.groups\.0\.\$patch: \$patch is "replace": it must be delete/,
  )
  const all = ['v311-persistent', 'v311-clean', 'v5-persistent', 'v5-clean']
  refused(() => loadScenario(groups(...all.map((name) => `name: ${name}, $patch: delete`))), /fleet\.groups/)
  assert.throws(() => over({}, { list: [{ name: 'a', $patch: 'delete' }] }), /the base has no "a" to delete/)
})

test('an object of another kind replaces, and a preset replaces numbers', () => {
  assert.equal(over({ kind: 'rate', perSecond: 1 }, { kind: 'spike' }), { kind: 'spike' })
  const { fleet } = loadScenario(mine('fleet: { reconnect: { preset: paho-go }, arrival: { kind: spike } }'))
  assert.equal([fleet.reconnect, fleet.arrival], [{ preset: 'paho-go' }, { kind: 'spike' }])
  assert.equal(over({ preset: 'paho-go' }, { kind: 'fixed', baseMs: 1 }), { kind: 'fixed', baseMs: 1 })
})

test('a scenario says only what differs from its base, over several files', () => {
  mine('fleet: { clients: 12 }\nassert: { except: [hops] }')
  const last = loadScenario(
    file('name: last\ndescription: Last.\nbase: ./mine.yaml\ncontrol: null\n', 'last'),
  )
  assert.is(last.fleet.clients, 12)
  assert.is(last.fleet.groups.length, 4)
  assert.is(last.control, undefined)
  assert.equal(
    last.assert.map(({ id }) => id),
    UPDATE_ASSERTION_IDS.filter((id) => id !== 'hops'),
  )
})

test('an error names the file and the line that it is in', () => {
  refused(
    () =>
      loadScenario(mine('fleet:\n  groups:\n    - name: v311-persistent\n      publish: { everyMs: 0 }\n')),
    /mine\.yaml:7: /,
  )
  refused(() => loadScenario(mine('fleet: { clientz: 3 }')), /mine\.yaml:4: .*clientz/)
})

test('a base that is none, unknown, empty or a circle', () => {
  refused(() => loadScenario(file('name: a\ndescription: A.\nbase: 5\n')), /mine\.yaml:3: base must be/)
  refused(
    () => loadScenario(file('name: a\ndescription: A.\nbase: blue-gren\n')),
    /mine\.yaml:3: base: there is no scenario "blue-gren"/,
  )
  file('', 'empty')
  refused(() => loadScenario(file('name: a\ndescription: A.\nbase: ./empty.yaml\n')), /WEIR_SCENARIO_INVALID/)
  refused(() => loadScenario(file('name: a\ndescription: A.\nbase: ./mine.yaml\n')), /circle/)
})

test('--set reaches both forms of assert', () => {
  const ids = (set: string) => loadScenario('blue-green-quick', { set: [set] }).assert.map(({ id }) => id)
  assert.is(ids('assert.0=hops')[0], 'hops')
  assert.not.ok(ids('assert.except=[suback]').includes('suback'))
  assert.equal(ids('assert=[hops]'), ['hops'])
})

test.run()
