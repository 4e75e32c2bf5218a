import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { judge } from '#weir/assertions/index.ts'
import type { RunRecord } from '#weir/record/index.ts'
import { projectFile } from '../support/project-file.ts'

/** How the recorder was configured: the recording itself only says the rate. */
export const TOLD = {
  waitTakeoverSeconds: 20,
  waitHealthCheckSeconds: 10,
  reconnectMs: { minMs: 1000, maxMs: 1000 },
}

export const FIXTURE = fileURLToPath(projectFile('tests/fixtures/emqx-5.8.9-evacuation'))
export const folders: string[] = []
process.on('exit', () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true })
})

export const outcomes = (record: RunRecord) =>
  Object.fromEntries(judge(record).findings.map((finding) => [finding.id, finding]))

/** The fixture with its tables changed, as plain files. Lines are without the header. */
export function changed(change: {
  events?: (lines: string[], header: string) => [string[], string?]
  scrape?: (lines: string[], header: string) => [string[], string?]
  states?: (text: string) => string | undefined
}): string {
  const dir = mkdtempSync(join(tmpdir(), 'weir-import-'))
  folders.push(dir)
  for (const name of ['events', 'scrape'] as const) {
    const [header, ...lines] = gunzipSync(readFileSync(join(FIXTURE, `${name}.csv.gz`)))
      .toString()
      .trimEnd()
      .split('\n')
    const [kept, newHeader] = change[name]?.(lines, header!) ?? [lines]
    writeFileSync(join(dir, `${name}.csv`), `${[newHeader ?? header, ...kept].join('\n')}\n`)
  }
  const states = readFileSync(join(FIXTURE, 'states.txt'), 'utf8')
  const newStates = change.states === undefined ? states : change.states(states)
  if (newStates !== undefined) writeFileSync(join(dir, 'states.txt'), newStates)
  return dir
}

export const PASSING = [
  'eviction-envelope',
  'eviction-floor',
  'eviction-slope',
  'evacuation-states',
  'session-kept',
  'conservation',
]
