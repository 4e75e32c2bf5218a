import { Piscina } from 'piscina'

/**
 * One thread per shard, each with one task that ends when the fleet does. `atomics` must be off: by default piscina blocks an
 * idle worker in Atomics.wait, and with it the event loop that a fleet's pings need.
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
