import { storeData as store } from '#weir/bench/index.ts'
import { messageOf } from '#weir/errors/index.ts'
import type { Run } from '../run/run.ts'
import type { Step } from '../types.ts'
import { audited } from './audited.ts'

/** One client that comes back has this long, the wait for what may yet come included. */
const TIMEOUT_MS = 20_000
/** What is left at the end of a run goes in this time, or stays until it expires. */
const CLEAR_MS = 15_000

/**
 * EMQX gets something to keep: retained messages, and sessions of clients that go away with messages that wait for them. An EMQX that does
 * not take it leaves the assertion inconclusive, and the run goes on.
 */
export async function storeData(run: Run, step: Extract<Step, { action: 'store-data' }>): Promise<void> {
  const { retained, sessions, queuedEach } = step
  const { connection } = run.scenario.fleet
  const what = `${retained} retained messages, ${sessions} sessions, ${queuedEach} messages for each`
  await audited(run, 'store-data', what, async () => {
    const stored = { type: 'stored-data', phase: 'stored', retained, sessions } as const
    const counts = { ...stored, queued: sessions * queuedEach }
    try {
      const target = await run.cluster.serviceAddress(connection, TIMEOUT_MS)
      const user = run.mqttUser
      const data = await store({ target, user, retained, sessions, queuedEach, timeoutMs: TIMEOUT_MS })
      run.state.dataStored(data)
      run.cleanUp.add(
        () =>
          Promise.race([
            data.clear(),
            new Promise<void>((resolve) => setTimeout(resolve, CLEAR_MS).unref()),
          ]).catch((error: unknown) =>
            run.emit({
              type: 'note',
              level: 'warning',
              text: `what the step store-data stored could not be removed (client ids begin with weir_stored_): ${messageOf(error)}`,
            }),
          ) as Promise<void>,
      )
      run.emit({ ...counts, complete: true })
      return what
    } catch (error) {
      run.emit({ ...counts, complete: false, error: messageOf(error) })
      return `EMQX did not take it: ${messageOf(error)}`
    }
  })
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
