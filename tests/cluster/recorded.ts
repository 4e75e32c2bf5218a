import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { KubeObject } from '#weir/cluster/kubernetes/types.ts'
import { projectFile } from '../support/project-file.ts'

export interface RecordedChange {
  /** Unix seconds. */
  t: number
  /** "CR" stands for the custom resource. */
  kind: string
  type: 'INITIAL' | 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubeObject
}

/** Watch streams of real operators, cut to what is read here. */
export function recorded(name: string): RecordedChange[] {
  const file = projectFile(`tests/fixtures/cluster/${name}.ndjson.gz`)
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedChange)
}

export const sample = (name: string): string =>
  readFileSync(projectFile(`tests/fixtures/cluster/emqx/${name}`), 'utf8')
