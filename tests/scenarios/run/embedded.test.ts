/** The runner against the embedded cluster: a whole upgrade in small, an interruption, and a step that runs out of time. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError } from '#weir/errors/index.ts'
import type { RecordEvent } from '#weir/facts/index.ts'
import { readRecord } from '#weir/record/index.ts'
import { loadScenario, type Progress, runScenario } from '#weir/scenarios/index.ts'
import type { Scenario, Step } from '#weir/scenarios/types.ts'
import { startEmbedded } from '#weir/testbed/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-run-'))
const CLIENTS = 60

/** The quick scenario with few clients and these steps. */
function small(...steps: Step[]): Scenario {
  const scenario = loadScenario('blue-green-quick', {
    set: [
      `fleet.clients=${CLIENTS}`,
      'cluster.manifest.spec.blueGreenUpdate.evacuationStrategy.connEvictRate=20',
      'cluster.manifest.spec.blueGreenUpdate.evacuationStrategy.sessEvictRate=20',
    ],
  })
  return { ...scenario, steps }
}

const SEED_TRIGGER = {
  spec: { template: { spec: { emqxContainer: { emqxConfig: { name: 'emqx-ee-a' } } } } },
}

const testbed = await startEmbedded({
  operator: '2.1.2',
  pollIntervalSeconds: 1,
  faults: [],
  seed: 1,
  dir: join(dir, 'testbed'),
})
test.after(async () => {
  await testbed.close()
  rmSync(dir, { recursive: true, force: true })
})

const common = {
  kubeconfig: testbed.kubeconfig,
  testbed: loadScenario('blue-green-quick').testbed,
  seed: 1,
  notes: ['A note.'],
}
const marksOf = (events: readonly RecordEvent[]) =>
  events.flatMap((event) => (event.type === 'mark' ? [event.name] : []))

test('an upgrade, from nothing to the new version: everything is in the record', async () => {
  const progress: Progress[] = []
  const result = await runScenario({
    ...common,
    scenario: small(
      { action: 'apply', deadlineSeconds: 60 },
      { waitFor: 'cluster-ready', deadlineSeconds: 120 },
      { action: 'patch', patch: SEED_TRIGGER, expect: 'refused', deadlineSeconds: 30 },
      { action: 'start-fleet', deadlineSeconds: 60 },
      { waitFor: 'fleet-connected', deadlineSeconds: 60 },
      { waitFor: 'clients-located', deadlineSeconds: 60 },
      { action: 'upgrade', version: '4.4.19', deadlineSeconds: 60 },
      { waitFor: 'upgraded', deadlineSeconds: 120 },
      { hold: { seconds: 1 } },
    ),
    outDir: join(dir, 'upgrade'),
    onProgress: (one) => progress.push(one),
  })
  assert.equal(result, { dir: join(dir, 'upgrade'), end: 'completed' })

  const record = await readRecord(result.dir)
  assert.equal(record.damage, [])
  assert.is(record.manifest.end?.how, 'completed')
  assert.equal(record.manifest.notes, ['A note.'])
  assert.is(record.manifest.parameters?.connEvictRate, 20)
  assert.is(record.manifest.parameters?.targetVersion, '4.4.19')
  assert.is(record.fleet.ids.length, CLIENTS)
  assert.equal(marksOf(record.events), [
    'cluster-ready',
    'fleet-ready',
    'trigger',
    'upgrade-done',
    'hold-start',
    'hold-end',
    'fleet-stopping',
  ])

  const of = <T extends RecordEvent['type']>(type: T) =>
    record.events.filter((event): event is Extract<RecordEvent, { type: T }> => event.type === type)
  const refused = of('action').find(({ phase }) => phase === 'refused')
  assert.match(refused?.detail ?? '', 'refuse to update the "name" field')
  assert.ok(of('evacuation').some(({ evacuations }) => evacuations.length === 1))
  assert.ok(of('health').length > 10)
  assert.ok(of('probe').some(({ ok }) => ok))
  const ready = of('endpoints').map((event) => event.ready.length)
  assert.is(ready.at(-1), 3)
  assert.equal([...new Set(of('pod').map(({ name }) => name))].length, 6)
  assert.is(
    of('set').filter(({ specReplicas }) => specReplicas === 0).length > 0,
    true,
    'the old set went to none',
  )

  const trigger = of('mark').find(({ name }) => name === 'trigger')?.t ?? 0
  const located = new Set(of('listing').flatMap((event) => (event.t < trigger ? event.connected : [])))
  assert.ok(
    record.fleet.ids.every((id) => located.has(id)),
    'every client was located before the trigger',
  )
  const stopping = of('mark').at(-1)?.t ?? 0
  const last = of('listing').filter(({ t }) => t <= stopping)
  const atLast = new Set(last.slice(-3).flatMap(({ connected }) => connected))
  assert.ok(
    record.fleet.ids.every((id) => atLast.has(id)),
    'and once more at the end',
  )
  assert.ok(record.scrapes.some(({ ok, metrics }) => ok && (metrics.emqx_connections_count ?? 0) > 0))
  assert.not.match(
    JSON.stringify(record.events),
    /authorization|bootstrap_user":"(?!\[redacted)/i,
    'no credentials',
  )

  assert.ok(progress.some(({ online }) => online === CLIENTS))
  assert.ok(progress.some(({ evacuating }) => evacuating?.node.startsWith('emqx-ee-')))
})

test('an interruption closes the record', async () => {
  const stop = new AbortController()
  const result = await runScenario({
    ...common,
    scenario: small(
      { waitFor: 'cluster-ready', deadlineSeconds: 60 },
      { action: 'start-fleet', deadlineSeconds: 60 },
      { waitFor: 'fleet-connected', deadlineSeconds: 60 },
      { hold: { seconds: 600 } },
    ),
    outDir: join(dir, 'interrupted'),
    signal: stop.signal,
    onProgress: ({ phase }) => {
      if (phase === 'hold') stop.abort()
    },
  })
  assert.is(result.end, 'interrupted')
  const { manifest, events, damage, clients } = await readRecord(result.dir)
  assert.is(manifest.end?.how, 'interrupted')
  assert.equal(marksOf(events), ['cluster-ready', 'fleet-ready', 'fleet-stopping'])
  assert.equal(damage, [])
  assert.ok(clients.length >= 4 * CLIENTS, 'scheduled, attempt, connected and left of each client')
})

test('a step that runs out of time ends the run, with the last mismatch as its reason', async () => {
  const result = await runScenario({
    ...common,
    scenario: small({ waitFor: 'upgraded', deadlineSeconds: 0.5 }, { mark: 'never' }),
    outDir: join(dir, 'late'),
  })
  assert.is(result.end, 'failed')
  assert.match(result.reason ?? '', 'nothing has been changed')
  const { events } = await readRecord(result.dir)
  const step = events.findLast((event) => event.type === 'step')
  assert.is(step?.type === 'step' && step.phase, 'timeout')
})

test('a folder that holds a record is left alone', async () => {
  const scenario = small({ mark: 'x' })
  const error = await runScenario({ ...common, scenario, outDir: join(dir, 'late') }).catch((e: unknown) => e)
  assert.instance(error, WeirError)
  assert.is((error as WeirError).code, 'WEIR_RECORD_EXISTS')
})

test.run()
