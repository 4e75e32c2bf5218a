/** The vocabulary that every room shares: what a record states, in types and lists. Imports nothing but errors. */

export * from './assertions/index.ts'
export * from './blockers.ts'
export * from './client-events.ts'
export * from './container.ts'
export * from './disruption.ts'
export * from './emqx-version.ts'
export type * from './fleet.ts'
export type * from './ledger.ts'
export * from './loop-health.ts'
export * from './manifest.ts'
export * from './record-events.ts'
export * from './scrapes.ts'
