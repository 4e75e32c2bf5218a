import { existsSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startFleet } from '#weir/bench/fleet/start-fleet.ts'
import type { FleetSpec } from '#weir/bench/types.ts'
import { descendants } from '#weir/tools/process-cost.ts'
import { FakeBroker } from '../../support/fake-broker.ts'
import { fleetSpec } from '../../support/fleet-spec.ts'
import { assertLawful, History } from '../../support/history.ts'
import { assertRejects } from '../../support/rejects.ts'
import { startScript } from '../../support/script.ts'
import { until } from '../../support/until.ts'

const alive = (pid: number) => existsSync(`/proc/${pid}`)

/** A fleet in child processes of this one, all online. */
async function running(changes: Partial<FleetSpec>) {
  const broker = await FakeBroker.listen()
  const history = new History()
  const spec = fleetSpec({ targets: [broker.target], ...changes })
  const fleet = await startFleet(spec, history.add)
  const children = descendants(process.pid)
  await until('all are online', () => fleet.counters().online === spec.clients)
  return { broker, history, spec, fleet, children }
}

for (const workers of [1, 2])
  test(`two processes with ${workers} loops each: arrivals, losses, returns and goodbyes add up`, async () => {
    const clients = 300
    const { broker, history, fleet, children } = await running({
      clients,
      workers,
      processes: 2,
      arrival: { kind: 'interval', everyMs: 1 },
    })
    assert.is(children.length, 2)
    for (const [i, visit] of broker.visits.slice(0, clients).entries()) {
      if (i % 3 === 0) visit.socket.resetAndDestroy()
      if (i % 3 === 1) visit.send({ cmd: 'disconnect', reasonCode: 0x9c })
    }
    await until('all are back', () => fleet.counters().connected === clients + 200)
    await until('the events are in', () => history.count('connected') === clients + 200)
    // Figures cross ten times a second: those of the last event are on their way.
    await until('the figures are in', () => fleet.counters().online === clients)
    assertLawful(history, clients, fleet.counters())
    await fleet.stop()
    await fleet.ended
    await broker.close()
    assertLawful(history, clients)
    assert.is(history.count('left', 'stopped'), clients, 'the last batch came before the end')
    assert.is(fleet.counters().online, 0)
    assert.equal(children.filter(alive), [], 'nobody is left behind')
    const planned = Array.from({ length: clients }, (_, client) => history.of(client)[0]!.t)
    for (let client = 1; client < clients; client++)
      assert.ok(Math.abs(planned[client]! - planned[0]! - client * 1e6) < 1000, 'one clock for all')
  })

test('health: what the processes measured since the call before', async () => {
  const { broker, fleet } = await running({ processes: 2 })
  let lagP99Ms = 0
  await until('the lag of ten arrivals is in', () => {
    lagP99Ms ||= fleet.health().scheduleLagP99Ms
    return lagP99Ms > 0
  })
  await until('nobody comes any more', () => fleet.health().scheduleLagP99Ms === 0)
  await until('the loops are watched', () => {
    const { loopDelayMaxMs, watchedMs } = fleet.health()
    return watchedMs > 0 && loopDelayMaxMs > 0
  })
  await fleet.stop()
  await broker.close()
})

test('a child that is killed fails the fleet, and the other one leaves in order', async () => {
  const { broker, history, fleet, children } = await running({ clients: 20, processes: 2 })
  process.kill(children[0]!, 'SIGKILL')
  await assertRejects(fleet.ended, 'WEIR_INTERNAL', 'ended by SIGKILL')
  await assertRejects(fleet.stop(), 'WEIR_INTERNAL', 'ended by SIGKILL')
  await broker.close()
  assert.is(history.count('left', 'stopped'), 10)
  assert.equal(children.filter(alive), [])
})

test('a child that is stopped from outside, by SIGTERM, goes on until the fleet lets it', async () => {
  const { broker, history, fleet, children } = await running({ clients: 20, processes: 1 })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(children[0]!, signal)
  await fleet.stop()
  await broker.close()
  assert.is(history.count('left', 'stopped'), 20)
})

/** A parent of its own with 20 clients in two children, which lets them leave on SIGINT. It prints pids, then the goodbyes. */
function parent(port: number): string {
  return `
    import { startFleet } from '#weir/bench/index.ts'
    import { descendants } from '#weir/tools/process-cost.ts'
    import { fleetSpec } from './tests/bench/support/fleet-spec.ts'
    import { History } from './tests/bench/support/history.ts'
    const history = new History()
    const spec = fleetSpec({ clients: 20, processes: 2, targets: [{ host: '127.0.0.1', port: ${port} }] })
    const fleet = await startFleet(spec, history.add)
    process.on('SIGINT', async () => {
      await fleet.stop()
      console.log(history.count('left', 'stopped'), 'left')
      process.exit(0)
    })
    console.log('pids', ...descendants(process.pid))`
}

const pidsIn = (output: string) => [...(/pids ([\d ]+)/.exec(output)?.[1] ?? '').matchAll(/\d+/g)].map(Number)

test('Ctrl-C signals the whole process group, and every client still says goodbye', async () => {
  const broker = await FakeBroker.listen()
  const script = startScript(parent(broker.port), { group: true })
  await until('all are online', () => broker.visits.length === 20 && pidsIn(script.output()).length === 2)
  process.kill(-script.child.pid!, 'SIGINT')
  assert.match(await script.ended, '20 left')
  assert.is(broker.packets('disconnect').length, 20)
  await broker.close()
})

test('a parent that is killed takes its children with it', async () => {
  const broker = await FakeBroker.listen()
  const script = startScript(parent(broker.port))
  await until('all are online', () => broker.visits.length === 20 && pidsIn(script.output()).length === 2)
  const pids = pidsIn(script.output())
  script.child.kill('SIGKILL')
  await until('the children are gone', () => !pids.some(alive))
  await until('their sockets are closed', () => broker.sockets.size === 0)
  await broker.close()
})

test('3,000 clients spread by themselves over two processes where one may open 2,000 files; nobody is lost', async () => {
  const broker = await FakeBroker.listen()
  const script = startScript(
    `import { startFleet } from '#weir/bench/index.ts'
     import { descendants } from '#weir/tools/process-cost.ts'
     import { fleetSpec } from './tests/bench/support/fleet-spec.ts'
     import { History } from './tests/bench/support/history.ts'
     import { until } from './tests/bench/support/until.ts'
     const history = new History()
     const spec = fleetSpec({ clients: 3000, targets: [{ host: '127.0.0.1', port: ${broker.port} }] })
     const fleet = await startFleet(spec, history.add)
     const children = descendants(process.pid).length
     await until('all are online', () => fleet.counters().online === 3000)
     await until('the events are in', () => history.count('connected') === 3000)
     const interrupted = new Promise((resolve) => process.once('SIGINT', resolve))
     console.log('figures', JSON.stringify({ children, ...fleet.counters() }))
     await interrupted
     await fleet.stop()
     console.log(history.count('left', 'stopped'), 'left,', history.count('disconnected'), 'lost')`,
    { limit: 2000 },
  )
  await until('all are online', () => script.output().includes('figures {') || script.child.exitCode !== null)
  const figures = JSON.parse(/figures (.*)/.exec(script.output())?.[1] ?? script.output())
  const { children, attempts, connected, online, inFlight, droppedEvents } = figures
  assert.equal(
    { children, attempts, connected, online, inFlight, droppedEvents },
    { children: 2, attempts: 3000, connected: 3000, online: 3000, inFlight: 0, droppedEvents: 0 },
  )
  assert.is(broker.sockets.size, 3000, 'the broker counts as many')
  script.child.kill('SIGINT')
  assert.match(await script.ended, '3000 left, 0 lost')
  await broker.close()
})

test.run()
