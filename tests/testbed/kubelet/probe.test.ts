import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Container, Probe } from '#weir/cluster/kubernetes/kinds.ts'
import { watchProbe } from '#weir/testbed/kubelet/probe.ts'
import { until } from '../emqx/support/until.ts'
import { VirtualClock } from '../runtime/virtual-clock.ts'

/** A container that answers with whatever status it is told, on a clock that moves when it is told to. */
async function bed(probe: Probe, portName?: string) {
  const clock = new VirtualClock()
  const startMs = clock.now()
  const state = { status: 200, asked: [] as { atMs: number; path: string }[], told: [] as boolean[] }
  const server: Server = createServer((request, response) => {
    state.asked.push({ atMs: clock.now() - startMs, path: request.url ?? '' })
    response.writeHead(state.status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const container: Container = {
    name: 'emqx',
    image: 'i',
    ports: [{ name: 'dashboard', containerPort: port }],
    readinessProbe: { ...probe, httpGet: { path: '/status', port: portName ?? port } },
  }
  const stop = watchProbe({
    clock,
    podIp: '127.0.0.1',
    container,
    probe: container.readinessProbe!,
    first: false,
    phaseMs: 400,
    onChange: (ready) => state.told.push(ready),
  })
  /** Lets time pass and waits for the answers of the probes that fell into it. */
  const pass = async (ms: number, probes: number) => {
    const wanted = state.asked.length + probes
    await clock.advance(ms)
    await until(
      () => state.asked.length === wanted,
      () => state.asked,
    )
  }
  return { clock, state, pass, stop, close: () => server.close() }
}

test("as the operator's pods have it: nothing before 10 s, then each 5 s, at the port of that name", async () => {
  const { state, pass, stop, close } = await bed(
    { initialDelaySeconds: 10, periodSeconds: 5, failureThreshold: 12 },
    'dashboard',
  )
  await pass(10_300, 0)
  await pass(200, 1)
  await until(() => state.told.length === 1)
  assert.equal(state.told, [true])
  await pass(10_000, 2)
  assert.equal(state.asked, [
    { atMs: 10_400, path: '/status' },
    { atMs: 15_400, path: '/status' },
    { atMs: 20_400, path: '/status' },
  ])
  stop()
  await pass(60_000, 0)
  assert.equal(state.told, [true], 'told once')
  close()
})

test('a container that is not ready yet becomes so by one answer, and unready by as many failures as it may have', async () => {
  const { state, pass, stop, close } = await bed({ periodSeconds: 1, failureThreshold: 3 })
  state.status = 500
  for (let probe = 0; probe < 4; probe++) await pass(1000, 1)
  assert.equal(state.told, [])
  state.status = 204
  await pass(1000, 1)
  await until(() => state.told.length === 1)
  state.status = 503
  await pass(1000, 1)
  await pass(1000, 1)
  state.status = 200
  await pass(1000, 1)
  state.status = 404
  for (let probe = 0; probe < 3; probe++) {
    assert.equal(state.told, [true], `after ${probe} failures in a row`)
    await pass(1000, 1)
  }
  await until(() => state.told.length === 2)
  assert.equal(state.told, [true, false])
  stop()
  close()
})

test('nobody listening is a failure', async () => {
  const { clock, state, pass, stop, close } = await bed({ periodSeconds: 1, failureThreshold: 2 })
  await pass(1000, 1)
  await until(() => state.told.length === 1)
  close()
  await clock.advance(1000)
  await clock.advance(1000)
  await until(() => state.told.length === 2)
  assert.equal(state.told, [true, false])
  stop()
})

test.run()
