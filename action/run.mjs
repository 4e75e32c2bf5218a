/**
 * The step of action.yml that runs weir: reads the action's inputs from the environment, runs, writes the outputs, and ends with weir's exit code, or
 * as `inconclusive` says.
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WEIR = fileURLToPath(new URL('../cli/weir.mjs', import.meta.url))
const FOLDER = 'weir-run'
/** What each exit code of weir is called in the output `outcome`. */
const OUTCOMES = {
  0: 'pass',
  1: 'fail',
  2: 'invalid',
  3: 'inconclusive',
  4: 'unfit',
  5: 'worse',
  6: 'refused',
  130: 'interrupted',
}
const INCONCLUSIVE = 3
const USAGE = 2
/** Of several runs the first of these speaks. */
const URGENCY = ['fail', 'inconclusive', 'pass']

const { WEIR_SCENARIO: scenario = '', WEIR_KUBECONFIG: kubeconfig, WEIR_BASELINE: baseline } = process.env
const whenOpen = process.env.WEIR_INCONCLUSIVE || 'fail'

const linesOf = (text = '') =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

function runOnce(name) {
  const args = [
    'run',
    scenario,
    ...linesOf(process.env.WEIR_SET).flatMap((line) => ['--set', line]),
    ...linesOf(process.env.WEIR_LABEL).flatMap((line) => ['--label', line]),
    ...(kubeconfig ? ['--kubeconfig', kubeconfig, '--yes'] : []),
    ...(baseline ? ['--baseline', baseline] : []),
    ...['--out', join(FOLDER, name)],
  ]
  const { status, error } = spawnSync(process.execPath, [WEIR, ...args], { stdio: 'inherit' })
  if (error) throw error
  return status ?? 1
}

/** The verdict that speaks for the runs of this name, and the folder of its record. */
function verdictOf(name) {
  const found = ['', '-1', '-2', '-3'].flatMap((suffix) => {
    const record = join(FOLDER, name + suffix)
    const file = join(record, 'verdict.json')
    return existsSync(file) ? [{ record, ...JSON.parse(readFileSync(file, 'utf8')) }] : []
  })
  const [first] = found.toSorted((a, b) => URGENCY.indexOf(a.outcome) - URGENCY.indexOf(b.outcome))
  return first ?? { record: '', headline: '' }
}

function end(code, words) {
  if (words) process.stderr.write(`${words}\n`)
  process.exit(code)
}

if (!['fail', 'warn', 'retry'].includes(whenOpen))
  end(USAGE, `::error title=weir::inconclusive is "${whenOpen}" but must be fail, warn or retry`)

if (process.env.GITHUB_STEP_SUMMARY)
  appendFileSync(
    process.env.GITHUB_STEP_SUMMARY,
    `Record and reports: artifact \`${process.env.WEIR_ARTIFACT || FOLDER}\`.\n\n`,
  )
let name = 'run'
let code = runOnce(name)
if (code === INCONCLUSIVE && whenOpen === 'retry') {
  name = 'again'
  code = runOnce(name)
}
const { headline, record } = verdictOf(name)
const outputs = { outcome: OUTCOMES[code] ?? 'unfit', headline, record }
if (process.env.GITHUB_OUTPUT)
  for (const [key, value] of Object.entries(outputs))
    appendFileSync(process.env.GITHUB_OUTPUT, `${key}=${value.replaceAll(/[\r\n]+/g, ' ')}\n`)
if (code === INCONCLUSIVE && whenOpen === 'warn')
  end(0, '::warning title=weir::nothing failed, but something could not be decided')
end(code)
