/**
 * Runs every tests/**\/*.test.ts in a process of its own, a few at a time, and closes with "N passed, N failed".
 * A file that crashes, hangs past its limit or runs no test counts as one failure: silence is never a pass.
 *
 * usage: npm test -- [substring…], npm run acceptance -- [substring…]
 *        npm test -- --with-programs    only files with tests of programs that not every machine has
 *        npm test -- --durations        writes how long each file took (tests/durations.json), by which they are ordered
 */
import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { availableParallelism, constants, setPriority } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMPUTERS, longestFirst, onlyComputes, runInLanes, WAITING, writeDurations } from './schedule.ts'
import { installing, type Program } from './support/programs.ts'
import { projectFile } from './support/project-file.ts'
import { usingPrograms } from './using-programs.ts'

const root = fileURLToPath(projectFile('.'))
/** Far above what any file takes: it exists to end a hang, not to judge speed. */
const LIMIT_MS = 600_000
const ACCEPTANCE_LIMIT_MS = 2_400_000
const ALONE = /(real|rolling|secure)\.accept\.ts$/

interface FileResult {
  file: string
  passed: number
  failed: number
  skipped: number
  /** Tests of programs that are not here: see tests/support/real. */
  absent: number
  output: string
  seconds: number
}

const args = process.argv.slice(2)
const acceptance = args.includes('--acceptance')
const wanted = args.filter((arg) => !arg.startsWith('--'))

/** Tests read what weir writes, and weir goes by the user's locale. */
const { LC_ALL: _, LC_MESSAGES: __, LANGUAGE: ___, ...others } = process.env
const env = {
  ...others,
  LANG: 'C.UTF-8',
  FORCE_COLOR: '0',
  NO_COLOR: '1',
  NODE_COMPILE_CACHE: join(root, 'dist/.cache'),
}

function runFile(file: string): Promise<FileResult> {
  return new Promise((resolve) => {
    const startMs = Date.now()
    const child = spawn(process.execPath, ['--enable-source-maps', join('dist', file.replace(/ts$/, 'js'))], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (!acceptance && onlyComputes(file) && child.pid !== undefined)
      setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    let output = ''
    let hung = false
    const limitMs = acceptance ? ACCEPTANCE_LIMIT_MS : LIMIT_MS
    const timer = setTimeout(() => {
      hung = true
      child.kill('SIGKILL')
    }, limitMs)
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (acceptance) process.stdout.write(chunk)
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (hung) output += `\n(did not end within ${limitMs / 1000} s)\n`
      resolve({ file, ...count(output, code, signal), output, seconds: (Date.now() - startMs) / 1000 })
    })
  })
}

/** uvu closes with "Total: n / Passed: n / Skipped: n"; anything else is a failure. */
function count(output: string, code: number | null, signal: string | null) {
  const figure = (word: string) => Number(output.match(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'm'))?.[1] ?? 0)
  const total = figure('Total')
  const passed = figure('Passed')
  const skipped = figure('Skipped')
  const failed = Math.max(total - passed - skipped, 0)
  const absent = output.match(/^not here: /gm)?.length ?? 0
  const silent = total === 0 && skipped === 0 && absent === 0
  const unexplained = failed === 0 && (code !== 0 || signal !== null || silent) ? 1 : 0
  return { passed, skipped, absent, failed: failed + unexplained }
}

const files: string[] = []
for await (const file of glob(acceptance ? 'tests/acceptance/**/*.accept.ts' : 'tests/**/*.test.ts', {
  cwd: root,
}))
  files.push(file)
files.sort()
const named = files.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
const chosen = args.includes('--with-programs') ? await usingPrograms(named) : named

const results: FileResult[] = []
async function report(file: string): Promise<void> {
  const result = await runFile(file)
  results.push(result)
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : ''
  const word = result.failed > 0 ? 'FAIL' : 'ok  '
  console.log(
    `${word} ${relative('tests', file)}: ${result.passed} passed${skipped} (${result.seconds.toFixed(1)} s)`,
  )
  if (result.failed > 0) console.log(result.output.replace(/^/gm, '     | '))
}
if (acceptance) {
  // These runs must have the processors to themselves; nodes of a real EMQX that boot, and TLS handshakes, take all there are.
  const most = Math.min(2, availableParallelism())
  const [alone, together] = [true, false].map((is) => chosen.filter((file) => ALONE.test(file) === is))
  await runInLanes(together!, report, { least: most, most })
  await runInLanes(alone!, report, { least: 1, most: 1 })
} else {
  const ordered = longestFirst(chosen)
  await Promise.all([
    runInLanes(ordered.filter(onlyComputes), report, COMPUTERS),
    runInLanes(
      ordered.filter((file) => !onlyComputes(file)),
      report,
      WAITING,
    ),
  ])
}

const sum = (key: 'passed' | 'failed' | 'skipped' | 'absent') =>
  results.reduce((total, result) => total + result[key], 0)
const failures = results.filter((result) => result.failed > 0)
if (failures.length > 0) console.log(`\nfailed: ${failures.map((result) => result.file).join(', ')}`)
const lacking = new Set(
  results.flatMap(({ output }) => output.match(/(?<=^needs: ).+$/gm) ?? []) as Program[],
)
if (sum('skipped') > 0) {
  const files = results.filter(({ skipped }) => skipped > 0).map(({ file }) => file)
  console.log(`\n${sum('skipped')} skipped, in ${files.join(', ')}`)
  if (lacking.size > 0)
    console.log(`not installed: ${[...lacking].join(', ')}; to run these tests: ${installing([...lacking])}`)
}
if (sum('absent') > 0)
  console.log(`\n${sum('absent')} not run: WEIR_REAL names no folder with released operators and EMQX nodes`)
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
if (args.includes('--durations') && !acceptance && sum('failed') === 0 && wanted.length === 0)
  writeDurations(results)
process.exitCode = sum('failed') > 0 || chosen.length === 0 ? 1 : 0
