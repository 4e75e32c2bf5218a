import { homedir } from 'node:os'
import { join } from 'node:path'
import { kubernetesVersion, readModules } from '../control-plane/build/modules.ts'

/** What weir keeps of its kind clusters and of a docker daemon of its own, below XDG_CACHE_HOME. */
export const kindHome = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weir', 'kind')

/** What is made for the testbed kind: one folder for each version of Kubernetes. */
export const kindDir = (version: string = kubernetesVersion(readModules())): string =>
  join(kindHome(), version)

/** Names within them. */
export const FILES = {
  rootfs: 'rootfs',
  /** Of the control plane, as archives. */
  emqxTree: 'emqx-tree',
  erlangTree: 'erlang-tree',
  images: 'images',
  overlay: 'overlay',
  tree: 'tree',
  log: 'build.log',
  engine: 'engine',
  clusters: 'clusters',
  /** Held while a cluster is made or removed. */
  turn: 'turn',
} as const

/** A file that is part of this module, in its sources and in dist/. */
export const ownFile = (path: string): URL => new URL(`./${path}`, import.meta.url)
