import { messageOf, WeirError } from '#weir/errors/index.ts'
import { endSessionsLimitMs } from '../engine/end-sessions.ts'
import type { EndedSessions, FleetSpec } from '../types.ts'
import type { ShardHost, ShardHosts } from './hosts/shard-host.ts'

/** How long the broker may take to close its side after a DISCONNECT. */
const GRACE_MS = 2000
/** A worker that has not answered by then never will; ending sessions takes its own time. */
const DEADLINE_MS = 15_000

/** A promise that only ever rejects: when a worker dies. */
export function died(hosts: readonly ShardHost[]): Promise<never> {
  return new Promise((_, reject) => {
    for (const host of hosts) host.done.catch((cause: unknown) => reject(workerDied(cause)))
  })
}

function workerDied(cause: unknown): WeirError {
  // What hosts the shard has its own words.
  if (cause instanceof WeirError) return cause
  const what = messageOf(cause)
  return new WeirError(
    'WEIR_INTERNAL',
    `a worker of the client fleet died (${what}): its clients and their last 0.1 s of events are lost`,
    { cause },
  )
}

/**
 * Stops every client, waits for the last batches and ends threads or processes, within a bound; `clients` may have sessions to be ended.
 * Throws WEIR_INTERNAL if a worker died or does not answer. A member that does not answer is lost, and the others' sessions count.
 */
export async function stopFleet(
  { shards: hosts, members, destroy }: ShardHosts,
  { clients, endSessions = false }: Pick<FleetSpec, 'clients' | 'endSessions'>,
): Promise<EndedSessions> {
  const limitMs = DEADLINE_MS + (endSessions ? endSessionsLimitMs(clients) : 0)
  for (const host of hosts) host.send({ type: 'stop', graceMs: GRACE_MS })
  const deadline = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => deadline.resolve('late'), limitMs)
  // The end of the task may be heard before the last batch, which comes by another port.
  const endings = hosts.map((host) => host.done.then(() => host.stopped))
  const inTime = await Promise.race([Promise.allSettled(endings), deadline.promise])
  clearTimeout(timer)
  for (const host of hosts) host.close()
  await destroy()
  // What has not come of a member by now is lost, and its host says so.
  const outcome = inTime === 'late' && members ? await Promise.allSettled(endings) : inTime
  if (outcome === 'late')
    throw new WeirError(
      'WEIR_INTERNAL',
      `a worker of the client fleet did not stop within ${Math.round(limitMs / 1000)} s and was terminated: the last events of its clients are lost`,
    )
  const dead = outcome.find((ending) => ending.status === 'rejected')
  if (dead) throw workerDied(dead.reason)
  const sessions = outcome.flatMap((ending) => (ending.status === 'fulfilled' ? [ending.value] : []))
  return {
    ended: sessions.reduce((sum, { ended }) => sum + ended, 0),
    left: sessions.reduce((sum, { left }) => sum + left, 0),
  }
}
