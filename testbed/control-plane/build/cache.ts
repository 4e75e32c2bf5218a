import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ModuleName } from './modules.ts'

/** A program that is built from source. */
interface Source {
  /** The project's Go module that pins it. */
  module: ModuleName
  package: string
  /** The module whose version it carries; left out for weir's own. */
  versionOf?: string
}

const kubernetes = (name: string): Source => ({
  module: 'kubernetes',
  package: `k8s.io/kubernetes/cmd/${name}`,
  versionOf: 'k8s.io/kubernetes',
})

const SOURCES = {
  etcd: {
    module: 'kubernetes',
    package: 'go.etcd.io/etcd/server/v3',
    versionOf: 'go.etcd.io/etcd/server/v3',
  },
  'kube-apiserver': kubernetes('kube-apiserver'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  'kube-proxy': kubernetes('kube-proxy'),
  kubelet: kubernetes('kubelet'),
  kubeadm: kubernetes('kubeadm'),
  kubectl: kubernetes('kubectl'),
  kind: { module: 'kubernetes', package: 'sigs.k8s.io/kind', versionOf: 'sigs.k8s.io/kind' },
  coredns: { module: 'node', package: './coredns', versionOf: 'github.com/coredns/coredns' },
  pause: { module: 'node', package: './pause' },
  'emqx-pod': { module: 'node', package: './emqx-pod' },
} satisfies Record<string, Source>

export type ProgramName = keyof typeof SOURCES
export const sourceOf = (name: ProgramName): Source => SOURCES[name]

/** What each testbed needs, in the order in which it is built. */
export const PROGRAM_NAMES = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const
export type PlaneProgram = (typeof PROGRAM_NAMES)[number]
export const NODE_PROGRAMS = [
  ...PROGRAM_NAMES,
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'kubeadm',
  'kubectl',
  'kind',
  'coredns',
  'pause',
  'emqx-pod',
] as const satisfies ProgramName[]

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
 * Which of the programs are still to be built: those that were never finished, that were built from other modules, and whose file is not
 * the one that was written then.
 */
export function missingPrograms(
  names: readonly ProgramName[],
  built: Built,
  digestOf: (module: ModuleName) => string,
  bytesOf: (name: ProgramName) => number | undefined,
): ProgramName[] {
  return names.filter((name) => {
    const known = built[name]
    const digest = digestOf(sourceOf(name).module)
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
