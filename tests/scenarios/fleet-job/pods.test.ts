/** A fleet in pods, which are processes of this machine: their Job is a fake, everything else is as in a cluster. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { shardSpecs } from '#weir/bench/fleet/shards.ts'
import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import type { Fleet, FleetSpec } from '#weir/bench/types.ts'
import { FLEET_PORT } from '#weir/cluster/fleet-job/objects.ts'
import { TOKEN_HEADER } from '#weir/cluster/fleet-job/pod-http.ts'
import type { ClockReading } from '#weir/scenarios/fleet-job/clock-comparison.ts'
import { beginText, readBegin } from '#weir/scenarios/fleet-job/order.ts'
import { packAccess, unpackAccess } from '#weir/scenarios/fleet-job/pod-access.ts'
import { startPods } from '#weir/scenarios/fleet-job/start-pods.ts'
import { REACHES_HEADER } from '#weir/scenarios/fleet-job/wire.ts'
import { FakeBroker } from '../../bench/support/fake-broker.ts'
import { fleetSpec } from '../../bench/support/fleet-spec.ts'
import { assertLawful, History } from '../../bench/support/history.ts'
import { assertRejects } from '../../bench/support/rejects.ts'
import { until } from '../../bench/support/until.ts'
import { type FakeJobs, fakeJobs } from './fake-jobs.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-fleet-job-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const USER = { username: 'probe', password: 'p4ss-of-the-fleet' }
const GROUPS: FleetSpec['groups'] = [
  {
    ...{ name: 'talks', share: 1, protocol: '5', persistent: true },
    subscribe: [{ topic: 'd/%i', qos: 1 }],
    publish: { topic: 'd/%{i+1}', qos: 1, everyMs: 500, payload: { kind: 'ledger', bytes: 40 } },
  },
  { name: 'listens', share: 1, protocol: '3.1.1', persistent: false },
]

interface Scene {
  broker: FakeBroker
  jobs: FakeJobs
  history: History
  fleet: Fleet
  readings: Map<string, ClockReading[]>
  spec: FleetSpec
  end(): Promise<void>
}

let scenes = 0

async function scene(pods: number, changes: Partial<FleetSpec> = {}): Promise<Scene> {
  const broker = await FakeBroker.listen({ user: USER })
  const spec = fleetSpec({
    ...{ clients: 31, groups: GROUPS, targets: [broker.target], ...USER },
    arrival: { kind: 'poisson', perSecond: 200 },
    ...changes,
  })
  const jobs = fakeJobs(join(dir, `secret-${scenes++}`))
  const request = { pods, image: 'weir', fleet: spec, access: spec, signal: new AbortController().signal }
  const started = await startPods(jobs.kube, request)
  const history = new History([`127.0.0.1:${broker.port}`])
  const readings = new Map<string, ClockReading[]>()
  const hosting = started.hosting({
    compared: (pod, reading) => readings.set(pod, [...(readings.get(pod) ?? []), reading]),
    warned: (text) => assert.unreachable(text),
  })
  const fleet = await startFleet(spec, history.add, hosting)
  return {
    ...{ broker, jobs, history, fleet, readings, spec },
    async end() {
      await started.remove()
      await jobs.gone()
      await broker.close()
    },
  }
}

test('two pods are one fleet: its ids, its groups, its arrivals, its clock', async () => {
  const { broker, history, fleet, jobs, readings, spec, end } = await scene(2)
  await until('all are online', () => fleet.counters().online === spec.clients)
  await until('their clocks were compared', () => readings.size === 2)
  const planned = history.rows.filter(({ kind }) => kind === 'scheduled')
  const alone = new History()
  const one = await startFleet({ ...spec, clockZeroNs: process.hrtime.bigint() }, alone.add)
  await until('the fleet of one process has arrived', () => one.counters().scheduled === spec.clients)
  await one.stop()
  const gaps = (rows: readonly { client: number; t: number }[]) => {
    const at = new Map(rows.map(({ client, t }) => [client, t]))
    return Array.from({ length: spec.clients }, (_, k) => Math.round((at.get(k)! - at.get(0)!) / 1e6))
  }
  for (const [k, gap] of gaps(alone.rows.filter(({ kind }) => kind === 'scheduled')).entries())
    assert.ok(Math.abs(gap - gaps(planned)[k]!) <= 2, `client ${k} is planned as in one process`)
  assert.equal(fleet.table, one.table)
  assert.equal(
    fleet.members?.map(({ shards, of }) => [shards, of]),
    [
      [[0], 2],
      [[1], 2],
    ],
  )
  for (const [first] of readings.values())
    assert.ok(Math.abs(first!.aheadMs) < 50 && first!.errorMs < 200, JSON.stringify(first))
  const { members } = fleet.health()
  assert.equal(
    members?.map(({ name }) => name),
    fleet.members?.map(({ name }) => name),
  )
  const losses: string[] = []
  for (const member of fleet.members ?? []) void member.lost.then(({ how }) => losses.push(how))
  await fleet.stop()
  // Kubernetes says of each that it has ended, and so it should.
  await jobs.gone()
  await new Promise((resolve) => setTimeout(resolve, 600))
  assert.equal(losses, [])
  assertLawful(history, spec.clients, fleet.counters())
  assert.is(new Set(broker.visits.map(({ connect }) => connect.clientId)).size, spec.clients)
  await end()
})

test('pods take transport and identities from their Secrets, and orders have none of them', async () => {
  const own = await FakeBroker.listen()
  const usernames = Array.from({ length: 31 }, (_, k) => `user-${k}-of-the-fleet`)
  const passwords = usernames.map((name) => `p4ss-of-${name}`)
  const { fleet, spec, jobs, end } = await scene(2, {
    ...{ targets: [own.target], username: undefined, password: undefined },
    credentials: { usernames, passwords },
  })
  await until('all are online', () => fleet.counters().online === spec.clients)
  const seen = own.visits.map(({ connect: { clientId, username, password } }) =>
    [clientId, username, password?.toString()].join(' '),
  )
  const expected = fleet.table.ids.map((id, k) => [id, usernames[k], passwords[k]].join(' '))
  assert.equal(seen.toSorted(), expected.toSorted())
  const tls = { ...spec, transport: { protocol: 'mqtts' as const, tls: { key: 'the-p4ss-of-the-key' } } }
  const specs = shardSpecs(tls, fleet.table, new Float64Array(31), [], 2)
  const text = beginText(
    specs.map((one, shard) => ({ shard, spec: one, clockZeroNs: 0n })),
    0n,
  )
  for (const secret of ['p4ss-of', 'of-the-fleet', 'transport']) assert.not.ok(text.includes(secret))
  assert.not.ok(JSON.stringify(jobs.job).includes('p4ss-of'))
  const [read] = readBegin(text, unpackAccess(packAccess(tls)))
  assert.equal(read!.spec.transport, tls.transport)
  assert.equal(read!.spec.credentials, specs[0]!.credentials)
  await fleet.stop()
  await end()
  await own.close()
})

test('a pod that is killed is named, its clients are no longer counted, and the others go on', async () => {
  const { history, fleet, jobs, spec, end } = await scene(2, { trafficStart: 'when-all-ready' })
  await until('all are online', () => fleet.counters().online === spec.clients)
  const before = history.rows.length
  jobs.pods[1]!.child.kill('SIGKILL')
  const { how, sinceMs } = await fleet.members![1]!.lost
  assert.match(how, /^fleet pod weir-fleet-[0-9a-f]+-1-abcde ended \(Error, exit code 137\)/)
  assert.ok(sinceMs > 0)
  assert.ok(history.rows.length >= before, 'what had come stays')
  await until(
    'only those of the first pod count',
    () => fleet.counters().online === Math.ceil(spec.clients / 2),
  )
  fleet.health()
  assert.is(fleet.health().members?.length, 1)
  assert.equal((await fleet.endTraffic(3000)).unanswered, [], 'a pod that is lost is not waited for')
  await fleet.stop()
  assert.is(fleet.ledger()?.settled, false)
  assert.is(history.of(0).at(-1)?.kind, 'left')
  assert.is.not(history.of(1).at(-1)?.kind, 'left')
  await end()
})

test('a pod that falls silent just before the fleet stops is lost from then on, and the sessions of the others count', async () => {
  const groups = [{ ...GROUPS[1]!, persistent: true }]
  const { fleet, jobs, history, spec, end } = await scene(2, { endSessions: true, groups })
  await until('all are online', () => fleet.counters().online === spec.clients)
  const { child } = jobs.pods[1]!
  try {
    const silentMs = Number(process.hrtime.bigint() - spec.clockZeroNs) / 1e6
    child.kill('SIGSTOP')
    assert.equal(await fleet.stop(), { ended: Math.ceil(spec.clients / 2), left: 0 })
    const { how, sinceMs } = await fleet.members![1]!.lost
    assert.match(
      how,
      /^fleet pod weir-fleet-[0-9a-f]+-1-abcde fell silent \(nothing came for \d+ s, and then/,
    )
    assert.ok(Math.abs(sinceMs - silentMs) < 2000, `known up to ${sinceMs}, silent from ${silentMs} on`)
    assert.is(history.of(0).at(-1)?.kind, 'left')
  } finally {
    child.kill('SIGKILL')
    await end()
  }
})

test('a pod that is silent when traffic ends is waited for no longer than anything else, and named', async () => {
  const { fleet, jobs, spec, end } = await scene(2)
  await until('all are online', () => fleet.counters().online === spec.clients)
  const { object, child } = jobs.pods[1]!
  try {
    child.kill('SIGSTOP')
    const startMs = performance.now()
    const ended = await Promise.race([fleet.endTraffic(1500), new Promise((r) => setTimeout(r, 10_000))])
    assert.equal(ended, { settled: false, unanswered: [object.metadata.name] })
    assert.ok(performance.now() - startMs < 5000)
    child.kill('SIGKILL')
    await fleet.members![1]!.lost
    await fleet.stop()
    assert.is(fleet.ledger()?.settled, false)
  } finally {
    child.kill('SIGKILL')
    await end()
  }
})

test('with the last pod the fleet has ended', async () => {
  const { fleet, jobs, end } = await scene(1, { groups: [GROUPS[1]!] })
  jobs.pods[0]!.child.kill('SIGKILL')
  await assertRejects(fleet.ended, 'WEIR_GENERATOR', 'exit code 137')
  await fleet.stop()
  await end()
})

test('a pod takes nothing from who has not the token, and listens on its own address alone', async () => {
  const { jobs, fleet, end } = await scene(1)
  const ip = jobs.pods[0]!.object.status!.podIP!
  const status = (host: string, token?: string) =>
    new Promise<number | string>((resolve) => {
      const headers = token === undefined ? {} : { [TOKEN_HEADER]: token }
      http
        .get({ host, port: FLEET_PORT, path: '/hello', headers }, ({ statusCode = 0, ...rest }) => {
          void rest
          resolve(statusCode)
        })
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
    })
  const token = Buffer.from((jobs.secret!.data as { token: string }).token, 'base64').toString()
  assert.is(await status(ip, token), 200)
  assert.is(await status(ip), 401)
  assert.is(await status(ip, `${token}x`), 401)
  assert.is(await status('127.0.0.1', token), 'ECONNREFUSED')
  const job = JSON.stringify(jobs.job)
  for (const word of [token, USER.password]) assert.not.ok(job.includes(word))
  assert.not.ok(readFileSync(`/proc/${jobs.pods[0]!.child.pid}/cmdline`, 'utf8').includes(token))
  await fleet.stop()
  await end()
})

test('a pod says up to when its events are handed over, on the fleet’s clock', async () => {
  const { jobs, fleet, spec, end } = await scene(1)
  await until('all are online', () => fleet.counters().online === spec.clients)
  const nowMs = () => Number(process.hrtime.bigint() - spec.clockZeroNs) / 1e6
  const token = Buffer.from((jobs.secret!.data as { token: string }).token, 'base64').toString()
  const url = `http://${jobs.pods[0]!.object.status!.podIP}:${FLEET_PORT}/news?after=0`
  const askedMs = nowMs()
  const { headers } = await fetch(url, { headers: { [TOKEN_HEADER]: token } })
  const reachesMs = Number(headers.get(REACHES_HEADER) ?? Number.NaN)
  const marginMs = 100
  assert.ok(reachesMs > askedMs - marginMs && reachesMs < nowMs() + marginMs, `${askedMs}: ${reachesMs}`)
  await fleet.stop()
  await end()
})

test('more pods than clients or connects in flight: WEIR_USAGE, and nothing is created', async () => {
  const jobs = fakeJobs(join(dir, 'none'))
  const { signal } = new AbortController()
  const fleet = { clients: 10, connectsInFlight: 4 }
  await assertRejects(
    startPods(jobs.kube, { pods: 5, image: 'weir', fleet, access: {}, signal }),
    'WEIR_USAGE',
    'use at most 4 pods, or a larger fleet.connectsInFlight',
  )
  assert.is(jobs.job, undefined)
  assert.not.ok(existsSync(join(dir, 'none')))
})

test.run()
