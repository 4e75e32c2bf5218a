import { usageError, WeirError } from '#weir/errors/index.ts'
import type { FleetSpec } from '../types.ts'
import { workerCount } from './shards.ts'

/** Files, pipes and sockets that a run opens besides its clients: record, watches, scrapes, worker threads, child processes. */
const RESERVE = 64
/** What a child process has open besides its clients, with room for sockets that are closing while others open. */
const CHILD_RESERVE = 64
/** More would need gigabytes for themselves: the limit is to be raised then. */
const MOST_PROCESSES = 64

/** What the fleet's loops run in: threads of this process when `processes` is 0, else so many children with so many loops each. */
export interface Placement {
  processes: number
  workersEach: number
}

/** What the system lets one process have; children have the same limit. */
export interface DescriptorReadings {
  limit: number
  open: number
}

type Request = Pick<FleetSpec, 'clients' | 'workers' | 'connectsInFlight' | 'processes'>

/**
 * Uses this process if its descriptors suffice, else as few child processes as possible, or as many as the spec says.
 * Throws WEIR_DESCRIPTORS when the clients do not fit, WEIR_USAGE when there are fewer clients or connects in flight than
 * processes.
 */
export function placementOf(request: Request, { limit, open }: DescriptorReadings): Placement {
  const { clients, connectsInFlight } = request
  const here = open + clients + RESERVE
  const needed = here <= limit ? 0 : Math.max(1, Math.ceil(clients / Math.max(0, limit - CHILD_RESERVE)))
  const processes = request.processes || needed
  if (processes === 0) return { processes, workersEach: workerCount(request) }
  if (needed > MOST_PROCESSES || (limit <= CHILD_RESERVE && needed > 0)) throw tooFew(clients, limit, here)
  if (processes < needed)
    throw new WeirError(
      'WEIR_DESCRIPTORS',
      `${clients} clients do not fit into ${processes} child ${processes === 1 ? 'process' : 'processes'} that may open ${limit} files each: use ${needed}, omit the number, or raise the limit with "ulimit -n ${Math.ceil(clients / processes) + CHILD_RESERVE}"`,
    )
  const most = Math.min(clients, connectsInFlight)
  if (processes > most)
    throw usageError(
      `fleet: ${processes} processes for ${clients} clients with ${connectsInFlight} connects in flight: each process needs at least one of both, so use at most ${most} processes`,
    )
  return { processes, workersEach: workersOfEach(request, processes) }
}

function workersOfEach(request: Request, processes: number): number {
  const wanted = request.workers || Math.floor(workerCount(request) / processes)
  const most = Math.floor(Math.min(request.clients, request.connectsInFlight) / processes)
  return Math.max(1, Math.min(wanted, most))
}

function tooFew(clients: number, limit: number, needed: number): WeirError {
  return new WeirError(
    'WEIR_DESCRIPTORS',
    `${clients} clients need ${needed} open files, but a process may open ${limit}, which is too few even with ${MOST_PROCESSES} child processes: raise the limit with "ulimit -n ${needed}", or use fewer clients`,
  )
}
