import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What is built, and from which package, in the order in which it is built. */
export const PROGRAMS = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
} as const

export type ProgramName = keyof typeof PROGRAMS
export const PROGRAM_NAMES = Object.keys(PROGRAMS) as ProgramName[]

/** One folder for each version of Kubernetes. */
export const cacheDir = (version: string, env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weir', 'control-plane', version)

export const binaryIn = (dir: string, name: ProgramName): string => join(dir, 'bin', name)

/** What built.json keeps of each program that was finished. */
export type Built = Partial<Record<ProgramName, { digest: string; bytes: number }>>

export const builtFile = (dir: string): string => join(dir, 'built.json')

export function readBuilt(dir: string): Built {
  try {
    return JSON.parse(readFileSync(builtFile(dir), 'utf8')) as Built
  } catch {
    return {}
  }
}

/**
 * The programs that are still to be built: those that were never finished, that were built from other modules, and whose file is not
 * the one that was written then.
 */
export function missingPrograms(
  built: Built,
  digest: string,
  bytesOf: (name: ProgramName) => number | undefined,
): ProgramName[] {
  return PROGRAM_NAMES.filter((name) => {
    const known = built[name]
    return known === undefined || known.digest !== digest || bytesOf(name) !== known.bytes
  })
}

export const bytesIn =
  (dir: string) =>
  (name: ProgramName): number | undefined => {
    try {
      return statSync(binaryIn(dir, name)).size
    } catch {
      // Another user's folder is as good as none.
      return undefined
    }
  }
