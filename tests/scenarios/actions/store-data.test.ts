/** What the steps store-data and find-data record, and what they say of what stays in EMQX. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LeftOnBroker } from '#weir/bench/index.ts'
import type { StoreData, StoredData, StoredDataSpec } from '#weir/bench/types.ts'
import { findData, storeData } from '#weir/scenarios/actions/store-data.ts'
import { type FakeRun, fakeRun } from '../fake-run.ts'

const STEP = { action: 'store-data', retained: 5, sessions: 2, queuedEach: 3, deadlineSeconds: 60 } as const
const TARGET = { host: '127.0.0.1', port: 1883 }
const USER = { username: 'bench', password: 'n0-b0dy-may-read-this' }
const COUNTS = { retained: 5, sessions: 2, queued: 6 }

const prepared = (clientAddresses = async () => [TARGET]): FakeRun => {
  const plain = fakeRun()
  const run: FakeRun = { ...plain, access: { ...plain.access, ...USER } }
  Object.assign(run.cluster, { clientAddresses })
  return run
}

const dataOf = (changes: Partial<StoredData> = {}): StoredData => ({
  find: async () => ({ ...COUNTS, missing: [] }),
  clear: async () => undefined,
  ...changes,
})
const giving =
  (data: StoredData): StoreData =>
  () =>
    Promise.resolve(data)
const never = () => new Promise<never>(() => undefined)

const end = (run: FakeRun) => run.cleanUp.all((stop) => stop())
const stored = (run: FakeRun) => run.of('stored-data').map(({ t: _, type: __, ...event }) => event)
const phases = (run: FakeRun) => run.of('action').map(({ action, phase }) => `${action} ${phase}`)
const warnings = (run: FakeRun) =>
  run.of('note').flatMap(({ level, text }) => (level === 'warning' ? [text] : []))

test('what was stored, found and removed is in the record, and the user is not', async () => {
  const run = prepared()
  const specs: StoredDataSpec[] = []
  let clears = 0
  const data = dataOf({ clear: async () => void clears++ })
  await storeData(run, STEP, {
    give: (spec) => {
      specs.push(spec)
      return Promise.resolve(data)
    },
  })
  assert.equal(specs, [
    { target: TARGET, access: USER, retained: 5, sessions: 2, queuedEach: 3, timeoutMs: 20_000 },
  ])
  await findData(run)
  assert.is(clears, 0, 'it stays until the end of the run')
  await end(run)
  assert.is(clears, 1)
  assert.equal(stored(run), [
    { phase: 'stored', ...COUNTS, complete: true },
    { phase: 'found', ...COUNTS, complete: true },
  ])
  assert.equal(phases(run), ['store-data start', 'store-data done', 'find-data start', 'find-data done'])
  assert.equal(warnings(run), [])
  assert.not.match(JSON.stringify(run.events), new RegExp(USER.password))
})

test('what is missing is named', async () => {
  const run = prepared()
  const found = { retained: 4, sessions: 2, queued: 6, missing: ['weir/stored/a/retained/3'] }
  await storeData(run, STEP, { give: giving(dataOf({ find: async () => found })) })
  await findData(run)
  assert.equal(stored(run)[1], { phase: 'found', ...found, complete: true })
})

/** [what, how it is removed, the reason that the warning gives] */
const LEFT: [string, StoredData['clear'], RegExp][] = [
  ['does not end', never, /: its removal did not end within 0\.05 s$/],
  ['fails', () => Promise.reject(new Error('the broker closed the connection')), /: the broker closed the c/],
]
for (const [what, clear, words] of LEFT)
  test(`a removal that ${what} is a warning, and ends the clean-up`, async () => {
    const run = prepared()
    await storeData(run, STEP, { give: giving(dataOf({ clear })), clearMs: 50 })
    await end(run)
    const [warning, ...more] = warnings(run)
    assert.equal(more, [])
    assert.match(warning ?? 'no warning', /^what the step store-data stored may still be in EMQX/)
    assert.match(warning!, words)
  })

test('a run that is ended while it stores still removes what comes of it', async () => {
  const run = prepared()
  const given = Promise.withResolvers<StoredData>()
  let clears = 0
  const step = storeData(run, STEP, { give: () => given.promise })
  await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  const ended = end(run)
  given.resolve(dataOf({ clear: async () => void clears++ }))
  await Promise.all([ended, step])
  assert.is(clears, 1)
})

/** [what, why nothing is stored, how many warnings] */
const NOT_STORED: [string, Error, number][] = [
  ['does not take it', new Error('Publish error: Not authorized'), 0],
  [
    'takes a part of it for good',
    new LeftOnBroker('Publish error: Not authorized', { cause: undefined, left: 'no answer' }),
    1,
  ],
]
for (const [what, error, left] of NOT_STORED)
  test(`an EMQX that ${what}: the run goes on, and nothing is said to be stored`, async () => {
    const run = prepared()
    await storeData(run, STEP, { give: () => Promise.reject(error) })
    await findData(run)
    await end(run)
    const nothing = { retained: 0, sessions: 0, queued: 0 }
    assert.equal(stored(run), [
      { phase: 'stored', ...COUNTS, complete: false, error: error.message },
      { phase: 'found', ...nothing, complete: false, error: 'nothing was stored' },
    ])
    assert.is(warnings(run).length, left)
    for (const text of warnings(run)) assert.match(text, /may still be in EMQX.*: no answer$/)
  })

test('a Service without an address, and an EMQX that does not answer, leave it incomplete', async () => {
  const unreachable = prepared(() => Promise.reject(new Error('the Service has no address')))
  await storeData(unreachable, STEP, { give: () => Promise.reject(new Error('nobody to give it to')) })
  assert.equal(stored(unreachable), [
    { phase: 'stored', ...COUNTS, complete: false, error: 'the Service has no address' },
  ])
  const silent = prepared()
  const find = () => Promise.reject(new Error('no answer of the broker within 20000 ms'))
  await storeData(silent, STEP, { give: giving(dataOf({ find })) })
  await findData(silent)
  const { complete, error } = stored(silent)[1]!
  assert.equal([complete, error], [false, 'no answer of the broker within 20000 ms'])
})

test.run()
