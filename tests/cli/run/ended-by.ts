/** Runs weir in a process group of its own, and does something to it from outside. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Finding, Verdict } from '#weir/assertions/verdict/verdict.ts'
import { projectFile } from '../../support/project-file.ts'

const entry = fileURLToPath(projectFile('cli/weir.mjs'))
const folder = mkdtempSync(join(tmpdir(), 'weir-endings-'))
const groups: ChildProcess[] = []

/** Ends what a failed test has left, and removes all records. */
export function clear(): void {
  for (const { pid, exitCode, signalCode } of groups)
    if (exitCode === null && signalCode === null) process.kill(-pid!, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}

const SETTINGS = ['fleet.clients=100', 'cluster.manifest.spec.replicas=1'].flatMap((it) => ['--set', it])

export interface Ending {
  dir: string
  code: number | null
  said: string
}

/**
 * Runs weir in a process group of its own; `act` is called once, when stderr has `words` ('' is at once), and `prepare` when the
 * cluster is there and the fleet is not.
 */
export function endedBy(
  name: string,
  words: string,
  act: (child: ChildProcess) => void,
  prepare: (child: ChildProcess) => void = () => {},
): Promise<Ending> {
  const dir = join(folder, name)
  const child = spawn(process.execPath, [entry, 'run', 'blue-green-quick', ...SETTINGS, '--out', dir], {
    detached: true,
    env: { ...process.env, NO_COLOR: '1', GITHUB_STEP_SUMMARY: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  groups.push(child)
  let said = ''
  let hasActed = false
  let isPrepared = false
  const check = () => {
    if (!isPrepared && said.includes('  cluster-ready  ')) {
      isPrepared = true
      prepare(child)
    }
    if (hasActed || !said.includes(words)) return
    hasActed = true
    act(child)
  }
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
      check()
    })
  // Before anything is said.
  if (words === '') check()
  return new Promise((resolve) => child.on('close', (code) => resolve({ dir, code, said })))
}

export const toGroup = (signal: NodeJS.Signals) => (child: ChildProcess) =>
  void process.kill(-child.pid!, signal)

export function verdictOf(dir: string): Verdict {
  return JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')) as Verdict
}

export const failures = (verdict: Verdict): Finding[] =>
  verdict.findings.filter(({ outcome }) => outcome === 'fail')
