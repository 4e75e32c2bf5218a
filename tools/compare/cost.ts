import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

interface Stat {
  parent: number
  ticks: number
}

/** What a process and its descendants use, read from /proc: peers are measured from outside, all by the same rule. */
export interface Cost {
  cpuSeconds: number
  residentMiB: number
}

export function costOf(pid: number): Cost {
  const family = descendants(pid)
  return {
    cpuSeconds: family.reduce((sum, member) => sum + (stat(member)?.ticks ?? 0), 0) / TICKS_PER_SECOND,
    residentMiB: family.reduce((sum, member) => sum + residentMiB(member), 0),
  }
}

/** CPU seconds of all children of this process that have ended and were waited for. */
export function endedChildrenCpuSeconds(): number {
  const fields = statFields(process.pid)!
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND
}

function descendants(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const other = Number(name)
    const parent = other > 0 ? stat(other)?.parent : undefined
    if (parent !== undefined) parents.set(other, parent)
  }
  const family = [pid]
  for (let i = 0; i < family.length; i++)
    for (const [child, parent] of parents) if (parent === family[i]) family.push(child)
  return family
}

function stat(pid: number): Stat | undefined {
  const fields = statFields(pid)
  return fields && { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
}

/** Fields of /proc/<pid>/stat behind the name, which may hold anything. Undefined once the process is gone. */
function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function residentMiB(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
