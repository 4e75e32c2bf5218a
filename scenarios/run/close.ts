import { endSessionsLimitMs } from '#weir/bench/index.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import type { Manifest } from '#weir/facts/index.ts'
import { Interrupted } from './endings.ts'
import { recordMessages } from './messages.ts'
import type { Run } from './run.ts'
import type { RunState } from './state.ts'
import { NEVER, within } from './within.ts'

type End = NonNullable<Manifest['end']>

/** How a run ended, from what ended its steps; undefined is the end of the last step. */
export function endOf(error: unknown): Omit<End, 't'> {
  if (error === undefined) return { how: 'completed' }
  if (error instanceof Interrupted) return { how: 'interrupted' }
  return { how: 'failed', reason: messageOf(error) }
}

/** Whether the caller must get the error: the environment was not fit, and nothing was changed that could be judged. */
export function mustThrow(state: Pick<RunState, 'trigger'>, error: unknown): boolean {
  return error instanceof WeirError && (state.trigger === undefined || error.code === 'WEIR_DISK')
}

/** How long messages in flight are awaited: shorter when a user waits for the end. */
const SETTLE_MS = { completed: 15_000, interrupted: 5000, failed: 15_000 } as const

/** No part of the end takes longer, whatever does not answer. The fleet has its own bound, which grows with it. */
const PART_MS = 30_000

/**
 * Ends a run in order: awaits a change that was sent, gives back what it took from the cluster, ends traffic, lists the clients a last time, disconnects the fleet, stops the
 * observers, records the messages, closes the record. A part that fails or does not end becomes a note in the record, and the others
 * still run.
 */
export async function closeRun(run: Run, how: Omit<End, 't'>, partMs = PART_MS): Promise<void> {
  const limitMs = partMs + (run.state.fleet ? endSessionsLimitMs(run.scenario.fleet.clients) : 0)
  const attempt = async (what: string, act: () => Promise<void>) => {
    const late = () => new Error(`it did not end within ${Math.round(limitMs / 1000)} s`)
    try {
      await within(act(), limitMs, NEVER, late)
    } catch (error) {
      const words = messageOf(error)
      run.emit({ type: 'note', level: 'error', text: `while ${what}: ${words}` })
    }
  }
  await attempt('waiting for the result of the change', async () => run.state.changing)
  await run.cleanUp.undo((undo) => attempt('giving back what the run took from the cluster', undo))
  const { fleet } = run.state
  if (fleet) {
    await attempt('waiting for messages in flight', async () => {
      const settleMs = SETTLE_MS[how.how]
      const { settled, unanswered } = await fleet.endTraffic(settleMs)
      if (settled) return
      const limit = `${settleMs / 1000} s after the publishers had stopped`
      const text =
        unanswered.length > 0
          ? `fleet pod ${unanswered.join(', fleet pod ')} did not account for its messages within ${limit}`
          : `messages were still in flight when the clients left, at most ${limit}`
      run.emit({ type: 'note', level: 'warning', text })
    })
    await attempt('listing the clients for the last time', () => run.listings.all())
    run.emit({ type: 'mark', name: 'fleet-stopping' })
  }
  await run.cleanUp.all((stop) => attempt('stopping', stop))
  if (fleet) await attempt('recording the messages', () => recordMessages(run, fleet))
  await attempt('closing the cluster', () => run.cluster.close())
  await run.record.close({ t: run.clock.now(), ...how })
}
