import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { KubeObject } from '../../../cluster/kubernetes/types.ts'
import { projectFile } from '../../support/project-file.ts'

const root = projectFile('tests/fixtures/operator/')

export const fixture = (name: string) => readFileSync(new URL(name, root), 'utf8')
export const zipped = (name: string) => gunzipSync(readFileSync(new URL(name, root))).toString()

/** One line of a recorded watch: what the API server told, and when (Unix seconds). */
export interface WatchLine {
  t: number
  kind: string
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: KubeObject
}

/** One line of what an EMQX node heard or did. */
export interface ApiLine {
  t: number
  k: string
  method?: string
  path?: string
  body?: string
  forwarded?: boolean
}

const lines = <T>(name: string): T[] =>
  zipped(name)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)

export const recordedWatch = (line: string) => lines<WatchLine>(`${line}/watch.ndjson.gz`)
export const recordedApi = (line: string) => lines<ApiLine>(`${line}/api.ndjson.gz`)
