/** The record seen as connections and nodes. */
export { targetsOfRows } from './connection-targets.ts'
export { connectionCovering } from './connections.ts'
export { knownUntil, type LostPod, lostPods } from './lost-pods.ts'
export { scrapeIntervalSeconds } from './scrape-interval.ts'
export { addressesAt, servicesAt } from './services.ts'
export * from './types.ts'
export { viewOf } from './view-of.ts'
