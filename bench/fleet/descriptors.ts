import { readdirSync, readFileSync } from 'node:fs'
import { WeirError } from '#weir/errors/index.ts'

/** Files, pipes and sockets that a run opens besides its clients: record, watches, scrapes, worker threads. */
const RESERVE = 64

/** Refuses a fleet that the process may not open sockets for, before it half-connects. Throws WEIR_DESCRIPTORS. */
export function requireDescriptors(clients: number): void {
  const limit = descriptorLimit()
  const open = openDescriptors()
  const needed = open + clients + RESERVE
  if (needed > limit)
    throw new WeirError(
      'WEIR_DESCRIPTORS',
      `${clients} clients need ${needed} open files (${open} are open already), and this process may open ${limit}: raise the limit with "ulimit -n ${needed}" first, or take fewer clients`,
    )
}

/** The soft limit, which Node raises to the hard one when it starts. */
export function descriptorLimit(): number {
  try {
    const line = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
    if (line) return line[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line[1])
  } catch {
    // No /proc: not Linux. The diagnostic report knows the limit too, at the price of a fraction of a second.
  }
  return limitFromReport()
}

function limitFromReport(): number {
  // Without this the report looks up a name for each open socket. The types do not know it yet.
  Object.assign(process.report, { excludeNetwork: true })
  const report = process.report.getReport() as {
    userLimits?: { open_files?: { soft: number | 'unlimited' } }
  }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY
}

function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}
