import { WeirError } from '#weir/errors/index.ts'
import type { Manifest } from '#weir/facts/index.ts'
import { Interrupted } from './endings.ts'
import { recordMessages } from './messages.ts'
import type { Run } from './run.ts'
import type { RunState } from './state.ts'

type End = NonNullable<Manifest['end']>

/** How a run ended, from what ended its steps; undefined is the end of the last step. */
export function endOf(error: unknown): Omit<End, 't'> {
  if (error === undefined) return { how: 'completed' }
  if (error instanceof Interrupted) return { how: 'interrupted' }
  return { how: 'failed', reason: error instanceof Error ? error.message : String(error) }
}

/** Whether the caller should see the error itself: the environment was not fit, and nothing was changed that could be judged. */
export function mustThrow(state: Pick<RunState, 'trigger'>, error: unknown): boolean {
  return error instanceof WeirError && (state.trigger === undefined || error.code === 'WEIR_DISK')
}

/** How long messages under way are waited for: whoever ends a run early has little patience. */
const SETTLE_MS = { completed: 15_000, interrupted: 2000, failed: 2000 } as const

/**
 * Ends a run in order: what became of a change that was on its way, the end of traffic, a last look at who is where, then the fleet leaves, then the observers stop,
 * then what became of the messages, then the record is closed. Everything is tried whatever fails on the way; what fails is a note in the record.
 */
export async function closeRun(run: Run, how: Omit<End, 't'>): Promise<void> {
  const attempt = async (what: string, act: () => Promise<void>) => {
    try {
      await act()
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      run.emit({ type: 'note', level: 'error', text: `while ${what}: ${words}` })
    }
  }
  await run.state.changing
  const { fleet } = run.state
  if (fleet) {
    await attempt('waiting for messages under way', () => fleet.endTraffic(SETTLE_MS[how.how]))
    await attempt('listing the clients for the last time', () => run.listings.all())
    run.emit({ type: 'mark', name: 'fleet-stopping' })
  }
  await run.cleanUp.all((stop) => attempt('stopping', stop))
  if (fleet) await attempt('writing down what became of the messages', () => recordMessages(run, fleet))
  await attempt('closing the cluster', () => run.cluster.close())
  await run.record.close({ t: run.clock.now(), ...how })
}
