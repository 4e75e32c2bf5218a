import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Piscina } from 'piscina'

/**
 * One thread per shard, each with one task that ends when the fleet does. `atomics` must be off: by default piscina blocks an
 * idle worker in Atomics.wait, and with it the event loop that a fleet's pings need.
 */
export function makePool(workers: number): Piscina {
  return new Piscina({
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    atomics: 'disabled',
    recordTiming: false,
    env: workerEnvironment(),
  })
}

/**
 * Where this thread keeps compiled code, its workers and child processes do too: otherwise each loads Node's TypeScript stripper
 * for itself, at about 15 MiB. They do not inherit the setting; they only look at the environment.
 */
export function workerEnvironment(): NodeJS.ProcessEnv {
  const directory = getCompileCacheDir()
  // The directory in use is one for this Node's version, inside the one that was asked for.
  return directory ? { ...process.env, NODE_COMPILE_CACHE: dirname(directory) } : process.env
}
