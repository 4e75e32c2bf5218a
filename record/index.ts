/** The record: facts of one run, append-only. This folder knows nothing of any other. */
export * from './clients.ts'
export * from './events.ts'
export * from './manifest.ts'
export * from './run-record.ts'
export * from './scrapes.ts'
