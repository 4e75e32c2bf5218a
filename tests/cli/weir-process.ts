/** Runs weir as a user does: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { projectFile } from '../support/project-file.ts'

const entry = fileURLToPath(projectFile('cli/weir.mjs'))
const children: ChildProcess[] = []

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Starts weir; `onStderr` sees everything said so far and may act on the process. */
export function weirProcess(
  args: string[],
  onStderr: (said: string, child: ChildProcess) => void = () => {},
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, NO_COLOR: '1', GITHUB_STEP_SUMMARY: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr!.on('data', (chunk) => {
    stderr += chunk
    onStderr(stderr, child)
  })
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, stdout, stderr })))
}

process.once('exit', killLeft)

/** Ends those that a failed test has left. */
export function killLeft(): void {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
}

/** Does something once, as soon as this has been said. */
export function once(words: string, act: (child: ChildProcess) => void) {
  let done = false
  return (said: string, child: ChildProcess) => {
    if (done || !said.includes(words)) return
    done = true
    act(child)
  }
}
