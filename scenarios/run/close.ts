import { WeirError } from '#weir/errors/index.ts'
import type { Manifest } from '#weir/record/index.ts'
import { Interrupted } from './endings.ts'
import type { Run } from './run.ts'

type End = NonNullable<Manifest['end']>

/** How a run ended, from what ended its steps; undefined is the end of the last step. */
export function endOf(error: unknown): Omit<End, 't'> {
  if (error === undefined) return { how: 'completed' }
  if (error instanceof Interrupted) return { how: 'interrupted' }
  return { how: 'failed', reason: error instanceof Error ? error.message : String(error) }
}

/** Whether the caller should see the error itself: the environment was not fit, and nothing was changed that could be judged. */
export function mustThrow(run: Pick<Run, 'trigger'>, error: unknown): boolean {
  return error instanceof WeirError && (run.trigger === undefined || error.code === 'WEIR_DISK')
}

/**
 * Ends a run in order: what became of a change that was on its way, a last look at who is where, then the fleet leaves, then the observers stop, then the record is
 * closed. Everything is tried whatever fails on the way; what fails is a note in the record.
 */
export async function closeRun(run: Run, how: Omit<End, 't'>): Promise<void> {
  const attempt = async (what: string, act: () => Promise<void>) => {
    try {
      await act()
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      run.tell({ type: 'note', level: 'error', text: `while ${what}: ${words}` })
    }
  }
  await run.changing
  if (run.fleet) {
    await attempt('listing the clients for the last time', () => run.listings.all())
    run.tell({ type: 'mark', name: 'fleet-stopping' })
  }
  await run.cleanUp.all((stop) => attempt('stopping', stop))
  await attempt('closing the cluster', () => run.cluster.close())
  await run.record.close({ t: run.clock.now(), ...how })
}
