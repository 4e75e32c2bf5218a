/**
 * Makes honest runs, stops one of weir's processes (SIGSTOP) in each for two seconds at a random moment after the change, and counts the
 * outcomes: a stop may make a verdict inconclusive, never a failure. Exits with 1 if any assertion failed.
 *
 * usage: node dist/tools/stopped-processes.js [--times 3] [--scenario blue-green-quick]… [--process harness]… [--seed 1] [--keep folder]
 *   --process   harness (with the fleet's threads), generator (a child process) or cluster; default: each
 *   --times     runs per scenario and process
 *   --keep      where records of runs with a failure are kept
 */
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { uniform } from '#weir/bench/random/uniform.ts'
import { packageFile } from '#weir/errors/index.ts'

const STOP_MS = 2000
/** A quick run takes about 50 s from its change to its end. */
const WITHIN_MS = 45_000
/** Files that one process may open, where the fleet is to run in child processes. */
const FEW_FILES = 1200
const PROCESSES = ['harness', 'generator', 'cluster'] as const

const root = fileURLToPath(packageFile('.'))
const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '3' },
    scenario: { type: 'string', multiple: true, default: ['blue-green-quick', 'blue-green-v5-quick'] },
    process: { type: 'string', multiple: true, default: [...PROCESSES] },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string' },
  },
})

/** Child processes of a process, by a part of their command line. */
function childOf(pid: number, part: string): number | undefined {
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one)))
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
      if (Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(part))
        return Number(name)
    } catch {
      // It has ended meanwhile.
    }
  return undefined
}

function victimOf(pid: number, which: string): number | undefined {
  if (which === 'harness') return pid
  return childOf(pid, which === 'cluster' ? 'embedded/child.js' : 'hosts/child-main.js')
}

function stop(pid: number): void {
  process.kill(pid, 'SIGSTOP')
  setTimeout(() => process.kill(pid, 'SIGCONT'), STOP_MS)
}

/** Runs a scenario into `dir` and stops the process `afterMs` after the change. */
function run(scenario: string, which: string, afterMs: number, dir: string): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'cli/weir.mjs'), 'run', scenario, '--out', dir], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  const done = new Set<string>()
  const once = (words: string, act: () => void) => {
    if (!said.includes(words) || done.has(words)) return
    done.add(words)
    act()
  }
  child.stderr.on('data', (chunk) => {
    said += chunk
    const { pid } = child
    if (pid === undefined) return
    if (which === 'generator')
      once('  cluster-ready  ', () => {
        execFileSync('prlimit', ['--pid', String(pid), `--nofile=${FEW_FILES}:${FEW_FILES}`])
      })
    once('  upgraded  ', () => {
      setTimeout(() => {
        const victim = child.exitCode === null ? victimOf(pid, which) : undefined
        if (victim !== undefined) stop(victim)
        else console.log(`${scenario}, ${which}: there was nothing to stop`)
      }, afterMs)
    })
  })
  return new Promise((resolve, reject) =>
    child.on('close', (code) => {
      if (existsSync(join(dir, 'verdict.json'))) resolve()
      else reject(new Error(`weir run ${scenario} left no verdict (exit ${code}): ${said}`))
    }),
  )
}

const seed = Number(values.seed)
let runs = 0
let failures = 0
for (const scenario of values.scenario)
  for (const which of values.process) {
    const count = { pass: 0, inconclusive: 0, fail: 0 }
    for (let time = 0; time < Number(values.times); time++) {
      const afterMs = Math.round(uniform(seed, runs, 0) * WITHIN_MS)
      const parent = mkdtempSync(join(tmpdir(), 'weir-stopped-'))
      const dir = join(parent, 'run')
      await run(scenario, which, afterMs, dir)
      const verdict = JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')) as Verdict
      count[verdict.outcome]++
      const named = (outcome: Verdict['outcome']) => verdict.findings.filter((one) => one.outcome === outcome)
      const failed = named('fail')
      console.log(
        `${scenario}, ${which} stopped ${(afterMs / 1000).toFixed(1)} s after the change: ${verdict.outcome}, ${named('pass').length} pass, ${named('inconclusive').length} inconclusive`,
      )
      for (const { id, sentence } of failed) console.log(`  fail ${id}: ${sentence}`)
      if (failed.length > 0 && values.keep !== undefined)
        cpSync(dir, join(values.keep, `${scenario}-${which}-${afterMs}`), { recursive: true })
      failures += failed.length
      runs++
      rmSync(parent, { recursive: true, force: true })
    }
    console.log(
      `${scenario}, ${which}: ${count.pass} pass, ${count.inconclusive} inconclusive, ${count.fail} fail`,
    )
  }
process.exitCode = failures > 0 ? 1 : 0
