import { availableParallelism, freemem, loadavg, totalmem } from 'node:os'

/** The machine's own figures, shared by all emulated nodes. */
export function hostFigures() {
  const [load1 = 0, load5 = 0, load15 = 0] = loadavg()
  const cpuUse = Math.min(100, (100 * load1) / availableParallelism())
  return {
    load1,
    load5,
    load15,
    cpuUse: round(cpuUse),
    cpuIdle: round(100 - cpuUse),
    memoryTotal: totalmem(),
    memoryFree: freemem(),
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

/** Bytes as EMQX's management API prints them, e.g. "612.40M". */
export function humanBytes(bytes: number): string {
  if (bytes >= 1 << 30) return `${(bytes / (1 << 30)).toFixed(2)}G`
  if (bytes >= 1 << 20) return `${(bytes / (1 << 20)).toFixed(2)}M`
  return `${(bytes / 1024).toFixed(2)}K`
}

/** Uptime as EMQX prints it, e.g. "2 hours, 3 minutes, 14 seconds". */
export function humanUptime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const parts = [`${seconds % 60} seconds`]
  if (seconds >= 60) parts.unshift(`${Math.floor(seconds / 60) % 60} minutes`)
  if (seconds >= 3600) parts.unshift(`${Math.floor(seconds / 3600) % 24} hours`)
  if (seconds >= 86_400) parts.unshift(`${Math.floor(seconds / 86_400)} days`)
  return parts.join(', ')
}
