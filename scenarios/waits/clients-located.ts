import type { Run } from '../run/run.ts'
import { some, type Wait } from './wait.ts'

async function look(run: Run): Promise<string | undefined> {
  const { listings, state } = run
  const { fleet } = state
  if (!fleet) return 'the fleet has not been started'
  await listings.all()
  const missing = fleet.table.ids.filter((id) => !listings.located.has(id))
  if (missing.length === 0) return undefined
  return `no node lists ${missing.length} of ${fleet.table.ids.length} clients as connected: ${some(missing)}`
}

/** For every client some node has said that it holds it: from here on it is known who moves from where. */
export const clientsLocated: Wait = { everyMs: 1000, before: (run) => run.listings.locate(run), look }
