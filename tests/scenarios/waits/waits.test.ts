import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Fleet } from '#weir/bench/types.ts'
import { CLIENT_KIND, type ClientEvents, type Parameters } from '#weir/facts/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { waits } from '#weir/scenarios/waits/index.ts'
import { cr, endpoints, type FakeRun, fakeRun, pod, set } from '../fake-run.ts'

const threeNodes = { nodes: 3 } as Parameters
const blue = [0, 1, 2].map((i) => pod(`emqx-ee-blue-${i}`))
const green = [0, 1, 2].map((i) => pod(`emqx-ee-green-${i}`, { image: 'emqx/emqx-ee:4.4.19' }))
const names = (pods: readonly { name: string }[]) => pods.map(({ name }) => name)
const look = (run: FakeRun, wait: keyof typeof waits) => waits[wait].poll(run)

test('cluster-ready: each thing that is missing, in turn', async () => {
  const run = fakeRun()
  run.state.parametersResolved(threeNodes)
  assert.is(await look(run, 'cluster-ready'), 'EmqxEnterprise emqx-ee does not exist')
  run.observe(cr(false), blue[0]!)
  assert.is(await look(run, 'cluster-ready'), 'there are 1 pods of 3')
  run.observe(blue[1]!, { ...blue[2]!, ready: false })
  assert.is(await look(run, 'cluster-ready'), 'pods are not ready: emqx-ee-blue-2')
  run.observe(blue[2]!)
  assert.match((await look(run, 'cluster-ready')) ?? '', 'is not settled: condition Running')
  run.observe(cr(true))
  assert.match((await look(run, 'cluster-ready')) ?? '', 'the Service does not lead to emqx-ee-blue-0')
  run.observe(endpoints(...names(blue), 'stranger'))
  assert.is(await look(run, 'cluster-ready'), 'the Service still leads to stranger')
  run.observe(endpoints(...names(blue)))
  assert.is(await look(run, 'cluster-ready'), undefined)
})

test('clients that come in at addresses of the user’s need no Service', async () => {
  const run = fakeRun()
  Object.assign(run.cluster, { wayIn: { addresses: [{ host: 'gateway.test', port: 1883 }] } })
  run.state.parametersResolved(threeNodes)
  run.observe(cr(true), ...blue)
  assert.is(await look(run, 'cluster-ready'), undefined)
  run.state.changed({ t: 0, pods: new Set(blue.map(({ uid }) => uid)), sets: [] })
  run.observe(...blue.map((one) => ({ ...one, deleted: true })), ...green, cr(true))
  assert.is(await look(run, 'upgraded'), undefined)
})

test('who only looks on needs no Service: before a change, nor at its end', async () => {
  const quick = loadScenario('blue-green-quick')
  const run = fakeRun({}, { ...quick, fleet: { ...quick.fleet, clients: 0 } })
  run.state.parametersResolved(threeNodes)
  run.observe(cr(true), ...blue, endpoints())
  assert.is(await look(run, 'cluster-ready'), undefined)
  run.observe(endpoints(blue[0]!.name))
  assert.match((await look(run, 'cluster-ready')) ?? '', 'the Service does not lead to')
  run.state.changed({ t: 0, pods: new Set(blue.map(({ uid }) => uid)), sets: [] })
  run.observe(endpoints(), ...blue.map((one) => ({ ...one, deleted: true })), ...green, cr(true))
  assert.is(await look(run, 'upgraded'), undefined)
})

test('cluster-ready: with replicants the Service leads to these alone', async () => {
  const run = fakeRun()
  run.state.parametersResolved(threeNodes)
  const [core, ...replicants] = blue.map((one, i) => ({
    ...one,
    role: i === 0 ? ('core' as const) : ('replicant' as const),
  }))
  run.observe(cr(true), core!, ...replicants, endpoints(replicants[0]!.name))
  assert.is(await look(run, 'cluster-ready'), 'the Service does not lead to emqx-ee-blue-2 yet')
  run.observe(endpoints(...names(replicants)))
  assert.is(await look(run, 'cluster-ready'), undefined)
})

test('cluster-ready: after a change of a resource that was there, its status counts only once the operator has had time', async () => {
  const run = fakeRun()
  run.state.parametersResolved(threeNodes)
  run.observe(cr(true), ...blue, endpoints(...names(blue)))
  run.state.resourceConfigured(run.clock.now())
  assert.is(await look(run, 'cluster-ready'), 'the operator has had 0 s of 6 s to see the change')
  run.nowNs += 5.5e9
  assert.is(await look(run, 'cluster-ready'), 'the operator has had 5 s of 6 s to see the change')
  run.nowNs += 0.6e9
  assert.is(await look(run, 'cluster-ready'), undefined)
})

test('upgraded: the resource’s word alone is not enough, nor what it said before the change', async () => {
  const run = fakeRun()
  run.state.parametersResolved(threeNodes)
  run.observe(cr(true), set('emqx-ee-blue', 3), ...blue, endpoints(...names(blue)))
  assert.is(await look(run, 'upgraded'), 'nothing has been changed')
  run.state.changed({
    t: run.clock.now(),
    pods: new Set(blue.map(({ uid }) => uid)),
    sets: ['emqx-ee-blue'],
    version: '4.4.19',
  })
  assert.match((await look(run, 'upgraded')) ?? '', '3 old pods are still there')
  run.observe(set('emqx-ee-green', 3), ...green, ...blue.map((one) => ({ ...one, deleted: true })))
  assert.is(await look(run, 'upgraded'), 'the old set emqx-ee-blue still has 3 pods of 3')
  run.observe(set('emqx-ee-blue', 0))
  assert.match((await look(run, 'upgraded')) ?? '', 'is not settled', 'said before the change')
  run.observe(cr(false, 'BlueGreenUpdating'))
  assert.match((await look(run, 'upgraded')) ?? '', 'condition BlueGreenUpdating')
  run.observe(cr(true))
  assert.is(
    await look(run, 'upgraded'),
    'the Service still leads to emqx-ee-blue-0, emqx-ee-blue-1, emqx-ee-blue-2',
  )
  run.observe(endpoints())
  assert.is(await look(run, 'upgraded'), 'the Service leads to no pod')
  run.observe(endpoints(...names(green)))
  assert.is(await look(run, 'upgraded'), undefined)
})

test('upgraded in place: the same set and the same pod names, other pods', async () => {
  const run = fakeRun()
  run.state.parametersResolved(threeNodes)
  const before = [0, 1, 2].map((i) => pod(`emqx-ee-${i}`))
  const after = before.map((one) => ({ ...one, uid: `new-${one.uid}`, image: 'emqx/emqx-ee:4.4.19' }))
  run.observe(set('emqx-ee', 3), ...before)
  run.state.changed({
    t: run.clock.now(),
    pods: new Set(before.map(({ uid }) => uid)),
    sets: ['emqx-ee'],
    version: '4.4.19',
  })
  run.observe({ ...before[2]!, deleted: true }, { ...after[2]!, image: 'emqx/emqx-ee:4.4.14' }, cr(true))
  assert.match((await look(run, 'upgraded')) ?? '', '2 old pods')
  run.observe(...before.map((one) => ({ ...one, deleted: true })), after[0]!, after[1]!)
  assert.match(
    (await look(run, 'upgraded')) ?? '',
    'pod emqx-ee-2 runs emqx/emqx-ee:4.4.14, not version 4.4.19',
  )
  run.observe(after[2]!, endpoints(...names(after)))
  assert.is(await look(run, 'upgraded'), undefined)
})

const WEBHOOK = 'admission webhook "policy" denied the request: registry acme is not allowed'

test('upgraded: what the API server refuses is told, until it is no longer refused', async () => {
  const run = fakeRun()
  run.state.parametersResolved(threeNodes)
  run.observe(cr(false), set('emqx-ee-blue', 3), ...blue, set('emqx-ee-green', 0, 3))
  run.state.changed({ t: run.clock.now(), pods: new Set(blue.map(({ uid }) => uid)), sets: ['emqx-ee-blue'] })
  const refusal = { type: 'refusal', kind: 'StatefulSet', name: 'emqx-ee-green' } as const
  run.observe({ ...refusal, why: WEBHOOK })
  assert.is(await look(run, 'upgraded'), `StatefulSet emqx-ee-green cannot create a pod: ${WEBHOOK}`)
  run.observe(refusal)
  assert.match((await look(run, 'upgraded')) ?? '', '3 old pods are still there')
  run.observe({ ...refusal, kind: 'EmqxEnterprise', name: 'emqx-ee', why: WEBHOOK })
  assert.is(
    await look(run, 'upgraded'),
    `the operator cannot write what EmqxEnterprise emqx-ee needs: ${WEBHOOK}`,
  )
})

test('upgraded: a version that is corrected on the way is the one to reach', async () => {
  const resource = {
    metadata: { name: 'emqx-ee', generation: 3 },
    spec: { replicas: 3, template: { spec: { emqxContainer: { image: { version: '4.4.19' } } } } },
  }
  const run = fakeRun({ resource })
  run.state.parametersResolved(threeNodes)
  run.observe({ ...cr(true), version: '4.4.14' }, set('emqx-ee-blue', 3), ...blue, endpoints(...names(blue)))
  run.state.changed({
    t: run.clock.now(),
    pods: new Set(blue.map(({ uid }) => uid)),
    sets: ['emqx-ee-blue'],
    version: '4.4.99',
    asked: { generation: 2, version: '4.4.99' },
  })
  run.observe(set('emqx-ee-blue', 0), ...blue.map((one) => ({ ...one, deleted: true })), ...green)
  run.observe({ ...cr(false), generation: 1, version: '4.4.14' })
  assert.match((await look(run, 'upgraded')) ?? '', 'not version 4.4.99', 'a late state of before the change')
  run.observe({ ...cr(true), generation: 3, version: '4.4.19' }, endpoints(...names(green)))
  assert.is(await look(run, 'upgraded'), undefined)
  assert.is(run.state.trigger?.version, '4.4.19')
  assert.is(run.manifests.at(-1)?.parameters?.targetVersion, '4.4.19')
  assert.match(JSON.stringify(run.of('note')), /The change was corrected: the version is now 4\.4\.19/)
})

const fleet = (online: number, ids: string[] = []) =>
  ({
    table: { ids, group: [], groups: [] },
    counters: () => ({ online, refused: 4, failed: 2, gaveUp: 1 }),
  }) as unknown as Fleet

test('fleet-connected: everybody', async () => {
  const run = fakeRun()
  assert.is(await look(run, 'fleet-connected'), 'the fleet has not been started')
  run.state.fleetStarted(fleet(2999), 0)
  assert.is(
    await look(run, 'fleet-connected'),
    '2999 of 3000 clients are connected (4 attempts refused, 2 failed, 1 clients gave up)',
  )
  run.state.attemptsOf({
    length: 2,
    kind: [CLIENT_KIND.scheduled, CLIENT_KIND.failed],
    ...{ reason: [0, 1], reasons: ['', 'certificate-untrusted'], code: [0, -1] },
  } as unknown as ClientEvents)
  run.state.fleetStarted(fleet(0), 0)
  assert.match(
    String(await look(run, 'fleet-connected')),
    /^0 of 3000 .*; failed: its certificate is not signed by a trusted authority: set its authority with --ca/,
  )
  run.state.fleetStarted(fleet(3000), 0)
  assert.is(await look(run, 'fleet-connected'), undefined)
  await waits['fleet-connected'].after?.(run)
  assert.is(run.of('mark')[0]?.name, 'fleet-ready')
})

test('members-running: what EMQX itself says, of every pod, and an answer that does not come', async () => {
  let say = (): { node: string; running: boolean }[] => {
    throw new Error('connection refused')
  }
  const run = fakeRun({
    emqx: () => ({ nodes: async () => say().map((one) => ({ ...one, version: '4.4.19' })) }),
  })
  assert.is(await look(run, 'members-running'), 'no node can be asked')
  run.observe(blue[0]!, blue[1]!)
  assert.is(
    await look(run, 'members-running'),
    'emqx-ee-blue-0 does not say which nodes run: connection refused',
  )
  say = () => [
    { node: 'emqx-ee@emqx-ee-blue-0', running: true },
    { node: 'emqx-ee@emqx-ee-blue-1', running: false },
  ]
  assert.is(await look(run, 'members-running'), 'EMQX does not count emqx-ee-blue-1 among its running nodes')
  say = () => [0, 1, 7].map((i) => ({ node: `emqx-ee@emqx-ee-blue-${i}`, running: true }))
  assert.is(await look(run, 'members-running'), undefined)
})

test('clients-located: every client, by a listing of its own asking', async () => {
  let listed: Record<string, string[]> = { 'emqx-ee@emqx-ee-blue-0': ['a'], 'emqx-ee@emqx-ee-blue-1': [] }
  const run = fakeRun({
    emqx: () => ({
      clients: async (node) => ({ connected: listed[node] ?? [], detached: [], complete: true }),
    }),
  })
  run.observe(blue[0]!, blue[1]!)
  run.listings.start(run)
  run.state.fleetStarted(fleet(2, ['a', 'b']), 0)
  waits['clients-located'].before?.(run)
  assert.is(await look(run, 'clients-located'), 'no node lists 1 of 2 clients as connected: b')
  listed = { 'emqx-ee@emqx-ee-blue-1': ['b'] }
  assert.is(await look(run, 'clients-located'), undefined)
  await run.listings.stop()
  assert.is(run.of('listing').length, 4)
})

test.run()
