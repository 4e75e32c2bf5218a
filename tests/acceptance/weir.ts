/** Runs the product as a user does: a process, an exit code, files. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { projectFile } from '../support/project-file.ts'

const root = fileURLToPath(projectFile('.'))

export interface WeirRun {
  code: number | null
  stdout: string
  stderr: string
  dir: string
  verdict: Verdict
  /** Ids of the findings with this outcome. */
  ids(outcome: Verdict['outcome']): string[]
}

/** Starts `weir` and collects what it prints. `onStart` may send signals. */
export function weir(
  args: string[],
  onStart?: (pid: number) => void,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'cli/weir.mjs'), ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', GITHUB_STEP_SUMMARY: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    if (child.pid !== undefined) onStart?.(child.pid)
  })
}

/** One `weir run` into a folder of its own, which `use` may look into before it is removed. */
export async function runOnce<T>(args: string[], use: (run: WeirRun) => T | Promise<T>): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'weir-acceptance-'))
  try {
    const dir = join(parent, 'run')
    return await use(weirRun(await weir(['run', ...args, '--out', dir]), dir))
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
}

/** What weir left in `dir`. Throws when there is no verdict. */
export function weirRun(ended: Pick<WeirRun, 'code' | 'stdout' | 'stderr'>, dir: string): WeirRun {
  let verdict: Verdict
  try {
    verdict = JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')) as Verdict
  } catch (cause) {
    throw new Error(`weir left no verdict (exit ${ended.code}):\n${ended.stdout}\n${ended.stderr}`, { cause })
  }
  const ids = (outcome: Verdict['outcome']) =>
    verdict.findings.filter((finding) => finding.outcome === outcome).map((finding) => finding.id)
  return { ...ended, dir, verdict, ids }
}

/**
 * Like runOnce, but a run whose harness was unfit is made again, twice at most: that is what such a verdict asks for
 * ("the same run on a machine with more time to spare"), and this machine may be shared.
 */
export async function runFit<T>(
  args: string[],
  use: (run: WeirRun) => T | Promise<T>,
  again = 2,
): Promise<T> {
  const unfit = Symbol('unfit')
  const result = await runOnce(args, (run) => {
    if (again > 0 && !run.ids('pass').includes('harness-healthy')) return unfit
    return use(run)
  })
  if (result !== unfit) return result as T
  console.log(`made again, for the harness was unfit: ${args.join(' ')}`)
  return runFit(args, use, again - 1)
}

/** Every finding on a line, for a failed test's output. */
export function describe(run: WeirRun): string {
  return run.verdict.findings
    .filter((finding) => finding.outcome !== 'pass')
    .map((finding) => `${finding.id}: ${finding.outcome}: ${finding.sentence}`)
    .join('\n')
}
