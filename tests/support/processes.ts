import { readdirSync, readFileSync } from 'node:fs'

/** Process ids of the children of a process whose command line has `part`. */
export function childrenOf({ pid }: { pid?: number | undefined }, part: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
      const isIt = Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(part)
      return isIt ? [Number(name)] : []
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

/** The same of everything below it. */
export const descendantsOf = (pid: number, part: string): number[] => [
  ...childrenOf({ pid }, part),
  ...childrenOf({ pid }, '').flatMap((child) => descendantsOf(child, part)),
]
