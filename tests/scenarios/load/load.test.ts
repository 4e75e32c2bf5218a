import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError, WeirErrors } from '#weir/errors/index.ts'
import { describeScenario, loadScenario } from '#weir/scenarios/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-scenarios-'))
test.after(() => rmSync(dir, { recursive: true }))

const GOOD = `name: mine
description: A scenario.
cluster:
  dialect: v1beta4
  manifest:
    metadata: { name: e }
fleet:
  clients: 10
  arrival: { kind: interval, everyMs: 10 }
  groups:
    - name: all
      share: 1
      protocol: '5'
      persistent: false
  reconnect: { preset: mqttjs }
steps:
  - action: apply
  - waitFor: upgraded
  - hold: { seconds: 3 }
assert:
  - hops
  - id: no-storm
    bounds: { slack: 3 }
`

/** Writes a variant of the good file: each replacement must hit. */
function file(...replacements: [string, string][]): string {
  let text = GOOD
  for (const [from, to] of replacements) {
    assert.ok(text.includes(from), `${from} is in the good file`)
    text = text.replace(from, to)
  }
  const path = join(dir, 'mine.yaml')
  writeFileSync(path, text)
  return path
}

function refused(load: () => unknown, code: string, words: string | RegExp): void {
  let error: unknown
  try {
    load()
  } catch (thrown) {
    error = thrown
  }
  assert.instance(error, WeirError)
  assert.is((error as WeirError).code, code)
  assert.match((error as WeirError).message, words)
  assert.not.match((error as WeirError).message, /\n/)
}

test('a description names what watches the gauges, and the testbed', () => {
  const own = describeScenario(loadScenario(file()))
  assert.match(own, /^observe {3}scrape every 10 s, sample every 1 s, list clients every 10 s$/m)
  assert.match(own, /on weir's own embedded testbed operator 2\.1\.2/)
  const prometheus = 'observe: { scrape: false, prometheus: "http://user:secret@prometheus.test:9090/" }'
  const other = describeScenario(
    loadScenario(file(['steps:\n', `${prometheus}\ntestbed: { kind: control-plane }\nsteps:\n`])),
  )
  assert.match(
    other,
    /^observe {3}no scrapes, read the Prometheus http:\/\/prometheus\.test:9090, sample every/m,
  )
  assert.match(other, /own control-plane testbed/)
  assert.not.match(other, /secret|scrape every/)
})

test('what a file leaves out is filled in', () => {
  const scenario = loadScenario(file())
  assert.equal(scenario.testbed, {
    kind: 'embedded',
    operator: '2.1.2',
    pollIntervalSeconds: 20,
    faults: [],
  })
  assert.equal(scenario.observe, {
    scrapeIntervalSeconds: 10,
    sampleIntervalSeconds: 1,
    listingIntervalSeconds: 10,
    probeIntervalSeconds: 1,
    scrape: true,
    logMiB: 64,
  })
  assert.is(scenario.fleet.keepAliveSeconds, 60)
  assert.is(scenario.fleet.connection, 'nodePort')
  assert.equal(scenario.steps, [
    { action: 'apply', deadlineSeconds: 60 },
    { waitFor: 'upgraded', deadlineSeconds: 'formula' },
    { hold: { seconds: 3 } },
  ])
  assert.equal(scenario.assert, [{ id: 'hops' }, { id: 'no-storm', bounds: { slack: 3 } }])
  assert.equal(scenario.knownDeviations, [])
})

test('a manifest may stand in a file of its own', () => {
  writeFileSync(join(dir, 'cr.yaml'), 'metadata: { name: other }\n')
  const path = file(['manifest:\n    metadata: { name: e }', 'manifest: cr.yaml'])
  assert.equal(loadScenario(path).cluster.manifest, { metadata: { name: 'other' } })
  refused(
    () => loadScenario(file(['manifest:\n    metadata: { name: e }', 'manifest: gone.yaml'])),
    'WEIR_SCENARIO_INVALID',
    'cannot read cluster.manifest gone.yaml: there is no such file',
  )
})

test('an unknown scenario: the nearest name', () => {
  refused(
    () => loadScenario('blue-gren'),
    'WEIR_SCENARIO_UNKNOWN',
    'there is no scenario "blue-gren": did you mean "blue-green"?',
  )
  refused(
    () => loadScenario('xyz'),
    'WEIR_SCENARIO_UNKNOWN',
    'there is no scenario "xyz": "weir scenarios list" lists them',
  )
  refused(
    () => loadScenario(join(dir, 'gone.yaml')),
    'WEIR_SCENARIO_UNKNOWN',
    /no scenario file .*gone\.yaml/,
  )
})

test('what is not YAML: file and line', () => {
  refused(
    () => loadScenario(file(['  clients: 10', '  clients: [10'])),
    'WEIR_SCENARIO_YAML',
    /mine\.yaml:\d+: not YAML/,
  )
  refused(
    () => loadScenario(file(['  clients: 10', '  clients: 10\n  clients: 11'])),
    'WEIR_SCENARIO_YAML',
    /mine\.yaml:9: not YAML.*unique/,
  )
})

const MISTAKES: [what: string, from: string, to: string, words: string][] = [
  [
    'a key that is not known',
    '  clients: 10',
    '  cliens: 10\n  clients: 10',
    ':8: fleet has no "cliens": did you mean "clients"?',
  ],
  [
    'a value of the wrong type',
    'clients: 10',
    'clients: many',
    ':8: fleet.clients is "many": it must be of type integer',
  ],
  ['a value out of range', 'clients: 10', 'clients: 0', ':8: fleet.clients is 0: it must be >= 1'],
  [
    'a word that is not known',
    'kind: interval',
    'kind: intervall',
    ':9: fleet.arrival.kind is "intervall": did you mean "interval"?',
  ],
  [
    'a policy that is not known',
    'mqttjs',
    'mqttj',
    ':15: fleet.reconnect.preset is "mqttj": did you mean "mqttjs"?',
  ],
  ['a part that is missing', '  arrival: { kind: interval, everyMs: 10 }', '', 'fleet lacks "arrival"'],
  [
    'a number where a text belongs',
    "protocol: '5'",
    'protocol: 5',
    ':13: fleet.groups.0.protocol is 5: it must be the text "5", so put it in quotes',
  ],
  [
    'an action that is not known',
    'action: apply',
    'action: aply',
    ':17: steps.0.action is "aply": did you mean "apply"?',
  ],
  [
    'a wait that is not known',
    'waitFor: upgraded',
    'waitFor: upgrade',
    ':18: steps.1.waitFor is "upgrade": did you mean "upgraded"?',
  ],
  [
    'two things in one step',
    '- action: apply',
    '- action: apply\n    waitFor: upgraded',
    ':17: steps.0 must have exactly one of action, waitFor, hold, mark',
  ],
  [
    'a part of another step',
    '- action: apply',
    '- action: apply\n    version: 1.2.3',
    ':18: "version" does not belong to this step',
  ],
  ['an upgrade without a version', 'action: apply', 'action: upgrade', ':17: steps.0 lacks "version"'],
]

for (const [what, from, to, words] of MISTAKES)
  test(`file and line of ${what}`, () => {
    refused(() => loadScenario(file([from, to])), 'WEIR_SCENARIO_INVALID', words)
  })

test('an unknown assertion has a code of its own', () => {
  refused(
    () => loadScenario(file(['- hops', '- hop'])),
    'WEIR_ASSERTION_UNKNOWN',
    ':21: assert.0 is "hop": did you mean "hops"?',
  )
  refused(
    () => loadScenario(file(['id: no-storm', 'id: no-strom'])),
    'WEIR_ASSERTION_UNKNOWN',
    ':22: assert.1.id is "no-strom": did you mean "no-storm"?',
  )
})

test('the first of several mistakes, and how many more', () => {
  const path = file(['clients: 10', 'clients: many'], ['seconds: 3', 'seconds: -3'])
  refused(() => loadScenario(path), 'WEIR_SCENARIO_INVALID', /\(and 1 more\)$/)
})

/** The file and line of each error, in their order, without the folder. */
function errorsOf(load: () => unknown): string[] {
  try {
    load()
  } catch (error) {
    assert.instance(error, WeirErrors)
    return (error as WeirErrors).errors.map(({ message }) => message.replace(`${dir}/`, ''))
  }
  return []
}

test('every mistake of a file, in the order of its lines', () => {
  const path = file(
    ['  clients: 10', '  cliens: 10\n  clients: many'],
    ['seconds: 3', 'seconds: -3'],
    ['- hops', '- hop'],
    ['slack: 3', 'slak: 3'],
  )
  assert.equal(
    errorsOf(() => loadScenario(path)),
    [
      'mine.yaml:8: fleet has no "cliens": did you mean "clients"?',
      'mine.yaml:9: fleet.clients is "many": it must be of type integer',
      'mine.yaml:20: steps.2.hold.seconds is -3: it must be > 0',
      'mine.yaml:22: assert.0 is "hop": did you mean "hops"?',
      'mine.yaml:24: no-storm has no bound "slak": did you mean "slack"?',
    ],
  )
})

test('each single mistake is one error', () => {
  for (const [what, from, to] of MISTAKES)
    assert.is(errorsOf(() => loadScenario(file([from, to]))).length, 1, what)
})

test('every mistake of YAML and of a change to a base', () => {
  const doubled = file(['  clients: 10', '  clients: 10\n  clients: 11\n  clients: 12'])
  assert.equal(
    errorsOf(() => loadScenario(doubled)).map((one) => one.slice(0, 'mine.yaml:10'.length)),
    ['mine.yaml:9:', 'mine.yaml:10'],
  )
  writeFileSync(
    join(dir, 'own.yaml'),
    'name: own\ndescription: Own.\nbase: blue-green\nfleet:\n  groups:\n    - { name: a, $patch: delete }\n    - { name: b, $patch: x }\n',
  )
  assert.equal(
    errorsOf(() => loadScenario(join(dir, 'own.yaml'))).map((one) => one.split(': ')[0]),
    ['own.yaml:6', 'own.yaml:7'],
  )
})

test('a manifest that cannot be read is among the mistakes', () => {
  const path = file(
    ['manifest:\n    metadata: { name: e }', 'manifest: gone.yaml'],
    ['  clients: 10', '  clients: many'],
  )
  assert.equal(
    errorsOf(() => loadScenario(path)),
    [
      'mine.yaml:7: fleet.clients is "many": it must be of type integer',
      'cannot read cluster.manifest gone.yaml: there is no such file',
    ],
  )
})

test('every mistake of --set, with its flag', () => {
  const set = ['fleet.cliets=1', 'assert=[{ id: no-storm, bounds: { x: 1 } }]', 'fleet.clients=10']
  assert.equal(
    errorsOf(() => loadScenario(file(), { set })),
    [
      '--set fleet.cliets=1: fleet has no "cliets": did you mean "clients"?',
      '--set assert=[{ id: no-storm, bounds: { x: 1 } }]: no-storm has no bound "x": use one of ticks, slack',
    ],
  )
})

test('a bound that does not exist is refused in both forms of assert', () => {
  const also = file(
    ['assert:\n  - hops\n  - id: no-storm\n', 'assert:\n  except: [hops]\n  also:\n  - id: no-storm\n'],
    ['slack', 'rate'],
  )
  refused(() => loadScenario(also), 'WEIR_SCENARIO_INVALID', ':24: no-storm has no bound "rate": use one of ')
})

test.run()
