import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { watchForBlindness } from '#weir/scenarios/observe/blindness.ts'
import { type FakeRun, fakeRun } from '../fake-run.ts'

/** Lets the next look come at once, as if the clock had gone on by so much. */
async function after(run: FakeRun, seconds: number): Promise<void> {
  run.nowNs += seconds * 1e9
  await new Promise((resolve) => setTimeout(resolve, 1))
}

/** A run whose looks come every few milliseconds of real time. */
function watching() {
  const run = fakeRun()
  // Just before a look is due, whatever the clock says by then.
  run.nowNs = 4.999e9
  return { run, blindness: watchForBlindness(run) }
}

test('a watch that stays blind ends the run; one that recovers does not', async () => {
  const { run, blindness } = watching()
  blindness.gap('StatefulSet', 'broke off')
  blindness.gap('StatefulSet', 'broke off')
  blindness.gap('Pod', 'pods is forbidden')
  while (!run.signal.aborted) await after(run, 4.99)
  await blindness.stop()
  assert.match(String(run.signal.reason), /nothing has been heard of any Pod for \d\d s: pods is forbidden/)
})

test('nobody waits for Events', async () => {
  const { run, blindness } = watching()
  blindness.gap('Event', 'events is forbidden')
  for (let i = 0; i < 30; i++) await after(run, 4.99)
  await blindness.stop()
  assert.not.ok(run.signal.aborted)
})

test.run()
