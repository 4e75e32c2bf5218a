import { accessOf, LeftOnBroker, storeData as store } from '#weir/bench/index.ts'
import type { StoredData } from '#weir/bench/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { Run } from '../run/run.ts'
import { NEVER, within } from '../run/within.ts'
import type { Step } from '../types.ts'
import { audited } from './audited.ts'
import { clientTargets } from './client-targets.ts'

/** One client that comes back has this long, the wait for what may yet come included. */
const TIMEOUT_MS = 20_000
/** What is left at the end of a run goes in this time, or stays until it expires. */
const CLEAR_MS = 15_000

/**
 * EMQX gets something to keep: retained messages, and sessions of clients that go away with messages that wait for them. An EMQX that does
 * not take it leaves the assertion inconclusive, and the run goes on. What cannot be removed is noted as a warning.
 */
export async function storeData(
  run: Run,
  step: Extract<Step, { action: 'store-data' }>,
  { give = store, clearMs = CLEAR_MS } = {},
): Promise<void> {
  const { retained, sessions, queuedEach } = step
  const { connection } = run.scenario.fleet
  const what = `${retained} retained messages, ${sessions} sessions, ${queuedEach} messages for each`
  await audited(run, 'store-data', what, async () => {
    const stored = { type: 'stored-data', phase: 'stored', retained, sessions } as const
    const counts = { ...stored, queued: sessions * queuedEach }
    try {
      const target = (await clientTargets(run, connection, TIMEOUT_MS)).targets[0]!
      const access = accessOf(run.access)
      const giving = give({ target, access, retained, sessions, queuedEach, timeoutMs: TIMEOUT_MS })
      // Added before it is all there: a run may be ended meanwhile.
      run.cleanUp.add(() => removed(run, giving, clearMs))
      run.state.dataStored(await giving)
      run.emit({ ...counts, complete: true })
      return what
    } catch (error) {
      if (error instanceof LeftOnBroker) noteLeft(run, error.left)
      run.emit({ ...counts, complete: false, error: messageOf(error) })
      return `EMQX did not take it: ${messageOf(error)}`
    }
  })
}

/** What was not given is not removed here: of that `storeData` has made the best already. */
async function removed(run: Run, giving: Promise<StoredData>, clearMs: number): Promise<void> {
  const clearing = giving.then(
    (data) => data.clear(),
    () => undefined,
  )
  const late = () => new Error(`its removal did not end within ${clearMs / 1000} s`)
  await within(clearing, clearMs, NEVER, late).catch((error: unknown) => noteLeft(run, messageOf(error)))
}

function noteLeft(run: Run, why: string): void {
  const where = 'client ids begin with weir_stored_, topics with weir/stored/'
  const text = `what the step store-data stored may still be in EMQX, until it expires after a day (${where}): ${why}`
  run.emit({ type: 'note', level: 'warning', text })
}

/** EMQX is asked for what it was given to keep. */
export async function findData(run: Run): Promise<void> {
  await audited(run, 'find-data', 'what was stored before', async () => {
    const nothing = { retained: 0, sessions: 0, queued: 0 }
    const event = { type: 'stored-data', phase: 'found' } as const
    const data = run.state.storedData
    if (data === undefined) {
      run.emit({ ...event, ...nothing, complete: false, error: 'nothing was stored' })
      return 'nothing was stored'
    }
    try {
      const { missing, ...counts } = await data.find()
      run.emit({ ...event, ...counts, complete: true, ...(missing.length > 0 && { missing }) })
      return `${counts.retained} retained messages, ${counts.sessions} sessions, ${counts.queued} messages`
    } catch (error) {
      run.emit({ ...event, ...nothing, complete: false, error: messageOf(error) })
      return `EMQX did not answer: ${messageOf(error)}`
    }
  })
}
