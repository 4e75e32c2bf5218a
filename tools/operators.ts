/**
 * Runs the blue-green upgrade with released operators in the embedded cluster, and writes what weir says of each to docs/operators.md.
 * A run whose harness was unfit is made again. Rows that are there already are kept: runs/operators.json holds what was found.
 *
 * usage: node dist/tools/operators.js --builds FOLDER [--times 3] [--only 2.2.29]… [--again]
 *   --builds   a folder for each build: its program `manager` and its manifests
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { packageFile } from '#weir/errors/index.ts'

const root = fileURLToPath(packageFile('.'))
const STATE = join(root, 'runs/operators.json')
const PAGE = join(root, 'docs/operators.md')

interface Row {
  build: string
  dialect: string
  scenario: string
  settings: string[]
  fleet: string
}

const STRATEGY = 'cluster.manifest.spec.updateStrategy.evacuationStrategy'
const v2beta1 = (build: string): Row => ({
  build,
  dialect: 'v2beta1',
  scenario: 'blue-green-v5-quick',
  settings: ['fleet.clients=1000', `${STRATEGY}.connEvictRate=10`, `${STRATEGY}.sessEvictRate=10`],
  fleet: '1,000 clients, 10 per second',
})
const v1beta4 = (build: string): Row => ({
  build,
  dialect: 'v1beta4',
  scenario: 'blue-green-quick',
  settings: [],
  fleet: '3,000 clients, 100 per second',
})
const ROWS: readonly Row[] = [
  v2beta1('2.2.29'),
  v1beta4('2.2.29'),
  v1beta4('2.1.1'),
  v1beta4('2.1.2'),
  v2beta1('2.3-dev'),
]

interface Result {
  outcome: Verdict['outcome']
  failed: string[]
  deviations: string[]
  headline: string
  /** The harness kept up: only then is the run counted. */
  fit: boolean
}

const { values } = parseArgs({
  options: {
    builds: { type: 'string' },
    times: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
    again: { type: 'boolean', default: false },
  },
})
if (values.builds === undefined)
  throw new Error('--builds is missing: see the first lines of tools/operators.ts')
const builds = resolve(values.builds)

const keyOf = ({ build, dialect }: Row) => `${build} ${dialect}`
const state: Record<string, Result[]> = existsSync(STATE) ? JSON.parse(readFileSync(STATE, 'utf8')) : {}

for (const row of ROWS) {
  if (values.only !== undefined && !values.only.some((text) => keyOf(row).includes(text))) continue
  const key = keyOf(row)
  const results = values.again ? [] : (state[key] ?? []).filter(({ fit }) => fit)
  while (results.length < Number(values.times)) {
    const result = await run(row)
    console.log(
      `${key}: ${result.outcome}, failed ${result.failed.join(' ') || 'nothing'}${result.fit ? '' : ' (made again, for the harness was unfit)'}`,
    )
    if (!result.fit) continue
    results.push(result)
    state[key] = results
    mkdirSync(join(root, 'runs'), { recursive: true })
    writeFileSync(STATE, JSON.stringify(state, undefined, 2))
  }
}
writeFileSync(PAGE, page())

async function run({ build, scenario, settings }: Row): Promise<Result> {
  const parent = mkdtempSync(join(tmpdir(), 'weir-operators-'))
  const dir = join(parent, 'run')
  const args = [
    'run',
    scenario,
    '--operator-binary',
    join(builds, build, 'manager'),
    ...settings.flatMap((text) => ['--set', text]),
    '--out',
    dir,
  ]
  const child = spawn(process.execPath, [join(root, 'cli/weir.mjs'), ...args], { stdio: 'ignore' })
  await new Promise((done) => child.once('close', done))
  const verdict = JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')) as Verdict
  rmSync(parent, { recursive: true, force: true })
  const failed = verdict.findings.filter(({ outcome }) => outcome === 'fail')
  return {
    outcome: verdict.outcome,
    failed: failed.map(({ id }) => id),
    deviations: [...new Set(failed.flatMap(({ deviation }) => deviation ?? []))],
    headline: verdict.headline.replaceAll(/\s+/g, ' '),
    fit: verdict.findings.some(({ id, outcome }) => id === 'harness-healthy' && outcome === 'pass'),
  }
}

function page(): string {
  const rows = ROWS.filter((row) => state[keyOf(row)] !== undefined)
  return [
    '# Released operators',
    '',
    'What weir says of released builds of the EMQX Operator, each run unmodified in the embedded cluster',
    '(`--operator-binary`, see [real-programs.md](real-programs.md)). The EMQX nodes are emulated. `tools/operators.ts` writes this page.',
    '',
    '| operator | resource | fleet | runs | verdict | failed in every run |',
    '|---|---|---|---|---|---|',
    ...rows.map(rowText),
    '',
    '## In the words of the verdicts',
    '',
    ...rows.flatMap(words),
  ].join('\n')
}

function rowText(row: Row): string {
  const results = state[keyOf(row)]!
  const counts = (['pass', 'fail', 'inconclusive'] as const)
    .map((outcome) => [outcome, results.filter((one) => one.outcome === outcome).length] as const)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${count} × ${outcome}`)
  const always = results[0]!.failed.filter((id) => results.every(({ failed }) => failed.includes(id)))
  const failed = always.length === 0 ? '' : always.map((id) => `\`${id}\``).join(' ')
  return `| ${row.build} | ${row.dialect} | ${row.fleet} | ${results.length} | ${counts.join(', ')} | ${failed} |`
}

function words(row: Row): string[] {
  const [first] = state[keyOf(row)]!
  const known = first!.deviations.map((id) => `\`${id}\``).join(', ')
  return [
    `**${row.build}, ${row.dialect}.** ${first!.headline.replaceAll('|', '\\|')}${known === '' ? '' : ` Known deviation: ${known}.`}`,
    '',
  ]
}
