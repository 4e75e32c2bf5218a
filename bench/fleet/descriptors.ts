import { readdirSync, readFileSync } from 'node:fs'
import type { DescriptorReadings } from './placement.ts'

/** What this process may open, and has open. Child processes inherit the limit. */
export function descriptorReadings(): DescriptorReadings {
  return { limit: descriptorLimit(), open: openDescriptors() }
}

/** The soft limit, which Node raises to the hard one when it starts. */
function descriptorLimit(): number {
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
