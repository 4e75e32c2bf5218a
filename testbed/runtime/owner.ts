import { readFileSync } from 'node:fs'

/** A process, by its number and when it began: the number alone may have been given to another program since. */
export interface Owner {
  pid: number
  /** In ticks since the machine started; undefined where the system does not say. */
  started?: string | undefined
}

export const ownerOf = (pid: number): Owner => ({ pid, started: statOf(pid)?.started })

/** Whether this very process still runs. A zombie does not: it only waits for its parent. */
export function isRunning({ pid, started }: Owner): boolean {
  const stat = statOf(pid)
  if (stat !== undefined) return stat.state !== 'Z' && (started === undefined || stat.started === started)
  if (process.platform === 'linux') return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** proc(5): state is field 3 and starttime field 22; the name before them may contain spaces and parentheses. */
function statOf(pid: number): { state: string; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', started: fields[19] ?? '' }
  } catch {
    return undefined
  }
}
