/** A pod whose run is gone: its clients leave in order, and it ends. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import { FleetPodHttp } from '#weir/cluster/fleet-job/pod-http.ts'
import { runFleetPod } from '#weir/scenarios/fleet-job/pod/main.ts'
import { podHosting } from '#weir/scenarios/fleet-job/pod-hosting.ts'
import { PodLink } from '#weir/scenarios/fleet-job/pod-link.ts'
import { FakeBroker } from '../../bench/support/fake-broker.ts'
import { fleetSpec } from '../../bench/support/fleet-spec.ts'
import { until } from '../../bench/support/until.ts'
import { FakeKube } from '../../cluster/fake-kube.ts'

const HOST = `127.62.${process.pid % 250}.1`
const dir = mkdtempSync(join(tmpdir(), 'weir-fleet-pod-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
writeFileSync(join(dir, 'token'), 'the-token')

const env = { WEIR_POD_IP: HOST, WEIR_FLEET_SECRET: dir }
const connect = () =>
  new PodLink(
    { name: 'pod', ip: HOST },
    new FleetPodHttp(new FakeKube(), 'default', { name: 'pod', ip: HOST }, { token: 'the-token' }),
  )

test('a run that is heard no more: the clients disconnect, and the pod ends with 1', async () => {
  const lines: string[] = []
  const { signal } = new AbortController()
  const ended = runFleetPod({ env, log: (line) => lines.push(line), signal, silenceMs: 5000 })
  const broker = await FakeBroker.listen()
  const link = connect()
  await link.greet(20_000)
  const out = { compared: () => undefined, warned: () => undefined }
  const fleet = await startFleet(
    fleetSpec({ clients: 5, targets: [broker.target] }),
    () => undefined,
    podHosting([link], out),
  )
  await until('all are online', () => fleet.counters().online === 5)
  link.release()
  assert.is(await ended, 1)
  assert.is(broker.packets('disconnect').length, 5)
  assert.match(lines.at(-1) ?? '', /nothing was heard of the run for 5 s: the clients leave/)
  await broker.close()
})

test('a pod that is told to end says so, and ends with 1', async () => {
  const told = new AbortController()
  const ended = runFleetPod({ env, log: () => undefined, signal: told.signal })
  const broker = await FakeBroker.listen()
  const link = connect()
  await link.greet(20_000)
  const out = { compared: () => undefined, warned: () => undefined }
  const spec = fleetSpec({ clients: 5, targets: [broker.target] })
  const fleet = await startFleet(spec, () => undefined, podHosting([link], out))
  await until('all are online', () => fleet.counters().online === 5)
  told.abort()
  assert.match((await fleet.members![0]!.lost).how, 'fleet pod pod ended: it was told to end (SIGTERM)')
  assert.is(await ended, 1)
  await broker.close()
})

test('a broker that the pod cannot use is refused in the pod’s own words', async () => {
  const told = new AbortController()
  const ended = runFleetPod({ env, log: () => undefined, signal: told.signal })
  const link = connect()
  await link.greet(20_000)
  const out = { compared: () => undefined, warned: () => undefined }
  const spec = fleetSpec({ clients: 70_000, targets: [{ host: '127.0.0.1', port: 1 }] })
  const refused = await startFleet(spec, () => undefined, podHosting([link], out)).catch(
    (error: Error) => error,
  )
  assert.instance(refused, Error)
  assert.match((refused as Error).message, /^fleet pod pod: 70000 clients .*(local ports|open files)/)
  told.abort()
  assert.is(await ended, 1)
})

test.run()
