import type { Run } from '../run/run.ts'
import { some, type Wait } from './wait.ts'

async function poll(run: Run): Promise<string | undefined> {
  const { listings, state } = run
  const { fleet } = state
  if (!fleet) return 'the fleet has not been started'
  await listings.all()
  const missing = fleet.table.ids.filter((id) => !listings.located.has(id))
  if (missing.length === 0) return undefined
  return `no node lists ${missing.length} of ${fleet.table.ids.length} clients as connected: ${some(missing)}`
}

/** Some node lists each client: from here on it is known from which node a client moves. */
export const clientsLocated: Wait = { everyMs: 1000, before: (run) => run.listings.locate(run), poll }
