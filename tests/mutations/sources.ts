import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ImportOptions, readForeignRecording } from '#weir/import/index.ts'
import { type RunRecord, readRecord } from '#weir/record/index.ts'
import { projectFile } from '../support/project-file.ts'

const EVACUATION = fileURLToPath(projectFile('tests/fixtures/emqx-5.8.9-evacuation'))
const OPERATORS = fileURLToPath(projectFile('tests/fixtures/recordings'))

export interface Source {
  name: string
  record: RunRecord
}

/** Recordings of real clusters by folder: an evacuation of real EMQX, and eight runs of real operators. */
export function recordings(): string[] {
  return [EVACUATION, ...readdirSync(OPERATORS).map((name) => join(OPERATORS, name))]
}

/** What is known of the recordings besides: how their recorders were configured. */
const TOLD: Readonly<Record<string, ImportOptions>> = {
  'emqx-5.8.9-evacuation': {
    waitTakeoverSeconds: 20,
    waitHealthCheckSeconds: 10,
    reconnectMs: { minMs: 1000, maxMs: 1000 },
  },
}
const OF_OPERATORS: ImportOptions = { reconnectMs: { minMs: 1000, maxMs: 1000 } }

/** A recording or a record of weir, read from its folder. */
export async function sourceIn(dir: string): Promise<Source> {
  const name = dir.split('/').at(-1)!
  if (recordings().includes(dir))
    return { name, record: readForeignRecording(dir, TOLD[name] ?? OF_OPERATORS) }
  const record = await readRecord(dir)
  return { name: record.manifest.scenario.name, record }
}
