/**
 * The long part of acceptance, in parts of less than an hour: honest runs beside other load, every fault beside sixteen burning
 * processes, the testbeds control-plane and kind, and fleets in pods. What a part found is kept in runs/acceptance-long.json, and a part that is there is not made again.
 *
 * usage: npm run acceptance:long [-- --part NAME]… [--times 10] [--again]
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { faultsOn } from '#weir/testbed/faults/index.ts'
import { projectFile } from '../../support/project-file.ts'
import { DIALECTS, type MatrixDialect, shownOn } from '../dialects.ts'
import { describe, runOnce } from '../weir.ts'
import { controlPlane } from './control-plane.ts'
import { type Counts, none } from './counts.ts'
import { fleetJob } from './fleet-job.ts'
import { KIND_PARTS } from './kind.ts'
import { beside, LOADS, type Load } from './load.ts'
import { OPERATION_PARTS } from './operations.ts'
import { predictions } from './predictions.ts'

const QUICK = ['blue-green-quick', 'blue-green-v5-quick']
const STATE = projectFile('runs/acceptance-long.json')

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    times: { type: 'string', default: '10' },
    again: { type: 'boolean', default: false },
  },
})

/** A part that this machine cannot make has nothing to count, and is tried again the next time. */
const PARTS: Record<string, () => Promise<Counts | undefined>> = {
  ...Object.fromEntries(
    (Object.keys(LOADS) as Load[]).flatMap((load) =>
      QUICK.map((scenario) => [`${scenario} beside ${load}`, () => honest(scenario, load)]),
    ),
  ),
  ...Object.fromEntries(
    DIALECTS.map(({ name }) => [
      `every fault of ${name} beside sixteen burning processes`,
      () => faults(name),
    ]),
  ),
  ...Object.fromEntries(DIALECTS.map(({ name }) => [`fault matrix of ${name}`, () => matrix(name)])),
  ...OPERATION_PARTS,
  'control-plane': controlPlane,
  'fleet-job': fleetJob,
  predictions,
  ...KIND_PARTS,
}

/** The whole matrix on one dialect: a run of each operation, and of each fault. */
function matrix(dialect: string): Promise<Counts> {
  const counts = none()
  const run = spawn(
    process.execPath,
    [fileURLToPath(projectFile('dist/tests/run.js')), '--acceptance', 'faults'],
    {
      env: { ...process.env, WEIR_MATRIX: dialect },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let text = ''
  run.stdout.on('data', (chunk) => {
    text += chunk
    process.stdout.write(chunk)
  })
  return new Promise((resolve) => {
    run.on('close', () => {
      const [, passed = '0', failed = '1'] = /^(\d+) passed, (\d+) failed$/m.exec(text) ?? []
      counts.pass = Number(passed)
      counts.fail = Number(failed)
      if (counts.fail > 0) counts.wrong.push(...text.split('\n').filter((line) => line.includes('FAIL')))
      resolve(counts)
    })
  })
}

/** Honest runs: none may fail. */
function honest(scenario: string, load: Load): Promise<Counts> {
  const counts = none()
  return beside(load, async () => {
    for (let time = 0; time < Number(values.times); time++)
      await runOnce([scenario], (run) => {
        counts[run.verdict.outcome]++
        if (run.verdict.outcome === 'fail') counts.wrong.push(describe(run))
        console.log(`  ${scenario}: ${run.verdict.outcome}, ${run.ids('pass').length} held`)
      })
    return counts
  })
}

/** Each fault once: none may pass. */
function faults(dialect: MatrixDialect['name']): Promise<Counts> {
  const counts = none()
  const on = DIALECTS.find(({ name }) => name === dialect)!
  return beside('sixteen burning processes', async () => {
    for (const fault of faultsOn(dialect)) {
      const { name } = fault
      await runOnce([...shownOn(on, fault), '--fault', name], (run) => {
        counts[run.verdict.outcome]++
        if (run.verdict.outcome === 'pass') counts.wrong.push(`${name} passed`)
        console.log(`  ${name}: ${run.verdict.outcome}, failed ${run.ids('fail').join(' ') || 'nothing'}`)
      })
    }
    return counts
  })
}

const state: Record<string, Counts> = existsSync(STATE) ? JSON.parse(readFileSync(STATE, 'utf8')) : {}
let failed = 0
for (const [name, run] of Object.entries(PARTS)) {
  if (values.part && !values.part.some((part) => name.includes(part))) continue
  if (!state[name] || values.again) {
    console.log(name)
    const counts = await run()
    if (counts === undefined) continue
    state[name] = counts
    mkdirSync(projectFile('runs'), { recursive: true })
    writeFileSync(STATE, JSON.stringify(state, undefined, 2))
  }
  const { pass, inconclusive, fail, wrong } = state[name]
  if (wrong.length > 0) failed++
  console.log(
    `${wrong.length > 0 ? 'FAILED' : 'ok    '} ${name}: ${pass} pass, ${inconclusive} inconclusive, ${fail} fail`,
  )
  for (const what of wrong) console.log(`         ${what.replaceAll('\n', '\n         ')}`)
}
process.exitCode = failed > 0 ? 1 : 0
