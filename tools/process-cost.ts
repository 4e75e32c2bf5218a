/** What processes cost, from /proc (Linux): measured from outside, all by the same rule. */
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

export interface Cost {
  cpuSeconds: number
  residentMiB: number
}

/** A process with all its descendants. */
export function costOf(pid: number): Cost {
  const family = [pid, ...descendants(pid)]
  const sum = (figure: (member: number) => number) =>
    family.reduce((total, member) => total + figure(member), 0)
  return { cpuSeconds: sum(cpuSeconds), residentMiB: sum(residentMiB) }
}

/** User and system time so far; 0 once the process is gone. */
export function cpuSeconds(pid: number): number {
  const fields = statFields(pid)
  return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND : 0
}

/** The same of all children of this process that have ended and were waited for. */
export function endedChildrenCpuSeconds(): number {
  const fields = statFields(process.pid)!
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND
}

/** 0 once the process is gone. */
export function residentMiB(pid: number): number {
  const status = read(`/proc/${pid}/status`) ?? ''
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024
}

/** Children of a process, and theirs. */
export function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .map(Number)
    .filter((other) => other > 0)
    .map((other) => [other, Number(statFields(other)?.[1])] as const)
  const family = [pid]
  for (const member of family)
    family.push(...parents.filter(([, parent]) => parent === member).map(([child]) => child))
  return family.slice(1)
}

/** What follows the name, which may hold blanks and brackets itself. Undefined once the process is gone. */
function statFields(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
