import { Piscina } from 'piscina'

/**
 * One thread and one task per shard. `atomics` must be off: by default piscina blocks idle workers in Atomics.wait, and
 * with it their event loop.
 */
export function makePool(workers: number): Piscina {
  return new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    atomics: 'disabled',
    recordTiming: false,
  })
}
