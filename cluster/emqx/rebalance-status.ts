import type { Evacuation, RebalanceStatus } from '#weir/facts/index.ts'
import { EmqxApiError } from './api-error.ts'
import { isEvacuationList, readEvacuations } from './evacuations.ts'
import { readRebalances } from './rebalances.ts'

type Body = Readonly<Record<string, unknown>>

/** The evacuations of an answer of global_status, from `path`. Throws EmqxApiError for a list that cannot be read. */
export function evacuationsIn({ evacuations }: Body, path: string): Evacuation[] {
  if (!isEvacuationList(evacuations)) throw unreadable(path, 'evacuations')
  return readEvacuations(evacuations)
}

/** The same for its rebalances. */
export function rebalancesIn({ rebalances }: Body, path: string): RebalanceStatus[] {
  const read = readRebalances(rebalances)
  if (read === undefined) throw unreadable(path, 'rebalances')
  return read
}

const unreadable = (path: string, list: string): EmqxApiError =>
  new EmqxApiError(`GET ${path}: the answer has no readable list "${list}"`, 200)
