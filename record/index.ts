/** The record: facts of one run, append-only. This folder knows nothing of any other but facts and errors. */

export { ClientColumns, type ClientEventRow } from './client-columns.ts'
export { fleetOf, type RecordParts, recordOf } from './in-memory.ts'
export type { RecordListener } from './listener.ts'
export { LogSecrets } from './log-secrets.ts'
export { readManifest, readRecord } from './reader.ts'
export * from './run-record.ts'
export { withoutSecretsInText } from './secret-text.ts'
export { REDACTED, withoutSecrets } from './secrets.ts'
export { alreadyThere, openRecord, type RecordWriter, type WriterOptions } from './writer.ts'
