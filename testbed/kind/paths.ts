import { homedir } from 'node:os'
import { join } from 'node:path'
import { kubernetesVersion, readModules } from '../control-plane/build/modules.ts'

/**
 * What is made for the testbed kind and what a daemon of weir's own keeps: one folder for each version of Kubernetes, below
 * XDG_CACHE_HOME.
 */
export const kindDir = (
  version: string = kubernetesVersion(readModules()),
  env: NodeJS.ProcessEnv = process.env,
): string => join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weir', 'kind', version)

/** Names within it. */
export const FILES = {
  rootfs: 'rootfs',
  /** Of the control plane, as archives. */
  images: 'images',
  overlay: 'overlay',
  tree: 'tree',
  log: 'build.log',
  engine: 'engine',
  clusters: 'clusters',
} as const

/** A file that is part of this module, in its sources and in dist/. */
export const ownFile = (path: string): URL => new URL(`./${path}`, import.meta.url)
