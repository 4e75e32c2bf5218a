import { readdirSync, readFileSync } from 'node:fs'
import type { MachineHealth } from '#weir/facts/index.ts'

/** The columns of "cpu" in /proc/stat (proc_stat(5)): guest time is part of user time already. */
const CPU_COLUMNS = 8
const STEAL = 7

/**
 * What Linux knows of the time that processes wanted and did not get, as differences between two readings. Each file may be missing
 * (another system, a container, a kernel without it): then there is no figure.
 */
export class KernelReadings {
  readonly #read: (file: string) => string | undefined
  readonly #list: (folder: string) => string[]
  /** Nanoseconds in the run queue, by thread. */
  #waits = new Map<string, number>()
  #stat: { total: number; steal: number } | undefined
  #pressure: { us: number; atMs: number } | undefined

  constructor(read = readText, list = listFolder) {
    this.#read = read
    this.#list = list
    this.machine()
  }

  /** Since the reading before: the longest that one thread of these processes was ready to run and did not. */
  runQueueMs(pids: readonly number[]): number | undefined {
    let worst: number | undefined
    for (const pid of pids)
      for (const thread of this.#list(`/proc/${pid}/task`)) {
        const file = `/proc/${pid}/task/${thread}/schedstat`
        // Time on a CPU, time in the run queue, time slices; all 0 where the kernel does not keep them.
        const [ran = 0, waited = 0] = (this.#read(file) ?? '').split(' ').map(Number)
        const before = this.#waits.get(file)
        if (ran === 0) continue
        this.#waits.set(file, waited)
        if (before !== undefined) worst = Math.max(worst ?? 0, (waited - before) / 1e6)
      }
    return worst
  }

  /** Since the reading before; undefined where the kernel reports neither. */
  machine(): MachineHealth | undefined {
    const stealShare = this.#stealShare()
    const cpuPressureShare = this.#cpuPressureShare()
    if (stealShare === undefined && cpuPressureShare === undefined) return undefined
    return {
      ...(stealShare !== undefined && { stealShare: rounded(stealShare) }),
      ...(cpuPressureShare !== undefined && { cpuPressureShare: rounded(cpuPressureShare) }),
    }
  }

  #stealShare(): number | undefined {
    const line = this.#read('/proc/stat')?.split('\n', 1)[0]
    const columns =
      line
        ?.split(/\s+/)
        .slice(1, 1 + CPU_COLUMNS)
        .map(Number) ?? []
    const before = this.#stat
    const total = columns.reduce((sum, ticks) => sum + ticks, 0)
    this.#stat = columns.length === CPU_COLUMNS ? { total, steal: columns[STEAL]! } : undefined
    if (!before || !this.#stat || total <= before.total) return undefined
    return (this.#stat.steal - before.steal) / (total - before.total)
  }

  #cpuPressureShare(): number | undefined {
    const total = /^some .*total=(\d+)/m.exec(this.#read('/proc/pressure/cpu') ?? '')?.[1]
    const before = this.#pressure
    const atMs = performance.now()
    this.#pressure = total === undefined ? undefined : { us: Number(total), atMs }
    if (!before || !this.#pressure || atMs <= before.atMs) return undefined
    return Math.min(1, (this.#pressure.us - before.us) / 1000 / (atMs - before.atMs))
  }
}

const rounded = (share: number): number => Math.max(0, Math.round(share * 1e4) / 1e4)

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
