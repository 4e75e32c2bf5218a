import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { projectFile } from '../../support/project-file.ts'
import { until } from '../support/until.ts'

const entry = fileURLToPath(projectFile('cli/weir.mjs'))

const running = new Set<ChildProcess>()
process.once('exit', killLeft)

/** Ends what a failed test has left: it would keep the file from ending. */
export function killLeft(): void {
  for (const child of running) child.kill('SIGKILL')
}

export interface BenchProcess {
  /** All that it has said so far. */
  readonly said: { stdout: string; stderr: string }
  readonly code: Promise<number | null>
  /** Resolves when stderr has these words; fails when the process ends without. */
  saying(words: string): Promise<void>
  interrupt(): void
}

/** `weir bench …` as a user calls it: a process of its own, which ends with the test. */
export function benchProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): BenchProcess {
  const child = spawn(process.execPath, [entry, 'bench', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (said.stdout += chunk))
  child.stderr.on('data', (chunk) => (said.stderr += chunk))
  running.add(child)
  let ended = false
  const code = new Promise<number | null>((resolve) =>
    child.on('close', (exitCode) => {
      ended = true
      running.delete(child)
      resolve(exitCode)
    }),
  )
  return {
    said,
    code,
    async saying(words) {
      await until(`it says "${words}"`, () => ended || said.stderr.includes(words))
      if (!said.stderr.includes(words)) throw new Error(`it ended without saying "${words}":\n${said.stderr}`)
    },
    interrupt: () => void child.kill('SIGINT'),
  }
}
