/** Recordings of real clusters, turned into records. */

export { writeRecord } from '#weir/record/write-record.ts'
export { importEvacuation } from './evacuation/import-evacuation.ts'
export { importRecording, readForeignRecording } from './import-recording.ts'
export { importOperatorRun } from './operator/import-operator-run.ts'
export type { ImportOptions } from './options.ts'
