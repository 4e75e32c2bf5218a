import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { TRANSPORT_PROTOCOLS } from '#weir/facts/index.ts'

const FOLDER = 'runs'

async function scenarios(): Promise<string[]> {
  const { listScenarios } = await import('#weir/scenarios/load/list.ts')
  return listScenarios().map(({ name }) => name)
}

async function faults(): Promise<string[]> {
  const { FAULTS } = await import('#weir/testbed/faults/index.ts')
  return FAULTS.map(({ name }) => name)
}

/** The records under runs/, the newest first. */
async function records(): Promise<string[]> {
  const { RECORD_FILES } = await import('#weir/record/run-record.ts')
  if (!existsSync(FOLDER)) return []
  return readdirSync(FOLDER)
    .filter((name) => existsSync(join(FOLDER, name, RECORD_FILES.manifest)))
    .sort()
    .reverse()
    .map((name) => join(FOLDER, name))
}

/** What may stand for an option or an argument of this name, in every command that has it. */
const VALUES: Readonly<Record<string, () => Promise<string[]>>> = {
  scenario: scenarios,
  fault: faults,
  run: records,
  base: records,
  now: records,
  protocol: async () => [...TRANSPORT_PROTOCOLS],
  'proxy-protocol': async () => ['v1', 'v2'],
}

/** Of one command, where the same name means something else. */
const OF_COMMAND: typeof VALUES = { 'save runs': records }

export const valuesOf = async (command: string, name: string): Promise<string[]> =>
  (await (OF_COMMAND[`${command} ${name}`] ?? VALUES[name])?.()) ?? []
