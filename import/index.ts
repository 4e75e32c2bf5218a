/** Recordings of real clusters, turned into records. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { WeirError } from '#weir/errors/index.ts'
import type { RunRecord } from '#weir/record/run-record.ts'
import { writeRecord } from '#weir/record/write-record.ts'
import { importEvacuation } from './evacuation/import-evacuation.ts'
import { importOperatorRun } from './operator/import-operator-run.ts'
import type { ImportOptions } from './options.ts'

export { type ImportOptions, importEvacuation, importOperatorRun, writeRecord }

/** Turns a recording of a real cluster into a record in memory. Throws WEIR_IMPORT_INVALID. */
export function readForeignRecording(fromDir: string, told: ImportOptions = {}): RunRecord {
  const has = (name: string) => existsSync(join(fromDir, name)) || existsSync(join(fromDir, `${name}.gz`))
  if (has('watch.ndjson')) return importOperatorRun(fromDir, told)
  if (has('events.csv') || has('scrape.csv')) return importEvacuation(fromDir, told)
  throw new WeirError(
    'WEIR_IMPORT_INVALID',
    `${fromDir} has no recording that weir can import: it needs events.csv, scrape.csv or both (an evacuation), or clients.csv, counts.csv, watch.ndjson and cr.json (an operator), plain or gzipped`,
  )
}

/** The same, written as a record folder. */
export async function importRecording(
  fromDir: string,
  outDir: string,
  told: ImportOptions = {},
): Promise<RunRecord> {
  const record = readForeignRecording(fromDir, told)
  await writeRecord(record, outDir)
  return record
}
