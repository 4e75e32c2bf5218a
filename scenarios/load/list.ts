import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { packageFile } from '#weir/errors/index.ts'

export interface ScenarioEntry {
  name: string
  description: string
  file: string
}

const FOLDER = fileURLToPath(packageFile('scenarios/'))

/** The scenarios that come with weir, by name. */
export function listScenarios(): ScenarioEntry[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort()
    .map((name) => {
      const path = join(FOLDER, `${name}.yaml`)
      const content = parse(readFileSync(path, 'utf8')) as { description?: string } | null
      return { name, description: (content?.description ?? '').trim(), file: path }
    })
}
