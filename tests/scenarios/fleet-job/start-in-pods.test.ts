/** What a run does when a pod of its fleet is lost. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hostingHere } from '#weir/bench/fleet/hosts/host-shards.ts'
import type { MemberLoss } from '#weir/bench/types.ts'
import type { PodOutlets } from '#weir/scenarios/fleet-job/pod-hosting.ts'
import { startInPods } from '#weir/scenarios/fleet-job/start-in-pods.ts'
import type { Trigger } from '#weir/scenarios/run/state.ts'
import { FakeBroker } from '../../bench/support/fake-broker.ts'
import { fleetSpec } from '../../bench/support/fleet-spec.ts'
import { type FakeRun, fakeRun } from '../fake-run.ts'

const HOW = 'fleet pod b ended (OOMKilled, exit code 137)'

/** A fleet of two threads that pass for pods. */
async function inPods(run: FakeRun) {
  const broker = await FakeBroker.listen()
  const here = hostingHere()
  const lost = Promise.withResolvers<MemberLoss>()
  let outlets: PodOutlets | undefined
  const pods = {
    what: 'Job x',
    hosting(out: PodOutlets): typeof here {
      outlets = out
      return {
        ...here,
        isHere: false,
        host: (...args) => ({
          ...here.host(...args),
          members: [
            { name: 'a', shards: [0], lost: new Promise<MemberLoss>(() => {}) },
            { name: 'b', shards: [1], lost: lost.promise },
          ],
        }),
      }
    },
    remove: async () => {},
    removeAfter: async (error: unknown) => error,
  }
  const spec = fleetSpec({ clients: 4, workers: 2, targets: [broker.target] })
  const fleet = await startInPods(run, pods, spec, () => undefined)
  return {
    outlets: outlets!,
    async lose() {
      lost.resolve({ how: HOW, sinceMs: 1234.5 })
      await lost.promise
      await new Promise((resolve) => setImmediate(resolve))
    },
    async end() {
      await fleet.stop()
      await broker.close()
    },
  }
}

const TRIGGER: Trigger = { t: 1, pods: new Set(), sets: [] }

test('pods and comparisons of their clocks are in the record', async () => {
  const run = fakeRun()
  const { outlets, end } = await inPods(run)
  outlets.compared('a', { aheadMs: 0.5, errorMs: 1, tookMs: 2, trips: 7 })
  outlets.warned('slow')
  assert.equal(
    run.of('fleet-pod').map(({ pod, phase, shards, of }) => [pod, phase, shards, of]),
    [
      ['a', 'running', [0], 2],
      ['b', 'running', [1], 2],
    ],
  )
  const { t: _, ...compared } = run.of('fleet-clock')[0]!
  assert.equal(compared, { type: 'fleet-clock', pod: 'a', tookNs: 2e6, trips: 7, aheadMs: 0.5, errorMs: 1 })
  assert.equal(
    run.of('note').map(({ level, text }) => [level, text]),
    [['warning', 'slow']],
  )
  await end()
})

test('before the change a lost pod ends the run: nothing is changed with half a fleet', async () => {
  const run = fakeRun()
  const { lose, end } = await inPods(run)
  await lose()
  assert.match(String(run.signal.reason), `${HOW}, before anything was changed`)
  await end()
})

test('after the change the run goes on, and says what is unknown', async () => {
  const run = fakeRun()
  run.state.changed(TRIGGER)
  const { lose, end } = await inPods(run)
  await lose()
  assert.not.ok(run.signal.aborted)
  assert.match(run.state.warning, `${HOW}; its clients are unknown from now on`)
  const { how, sinceT, phase, pod } = run.of('fleet-pod').at(-1)!
  assert.equal({ how, sinceT, phase, pod }, { how: HOW, sinceT: 1234.5e6, phase: 'lost', pod: 'b' })
  await end()
})

test.run()
