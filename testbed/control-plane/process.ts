import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WeirError } from '#weir/errors/index.ts'
import { binaryIn, type PlaneProgram } from './build/cache.ts'
import { ARGUMENTS } from './command-lines.ts'

export interface PlaneProcess {
  /** Resolves, once, when it ends without having been ended. */
  died: Promise<WeirError>
  end(): Promise<void>
}

/** Starts one of the programs in the folder of its files, with a log there. The kernel ends it when this process dies. */
export function startProgram(
  name: PlaneProgram,
  { cache, dir }: { cache: string; dir: string },
): PlaneProcess {
  const log = join(dir, `${name}.log`)
  const file = openSync(log, 'a', 0o600)
  const child: ChildProcess = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', binaryIn(cache, name), ...ARGUMENTS[name]],
    {
      cwd: dir,
      stdio: ['ignore', file, file],
      // Signals to the group of the testbed's process are not for the cluster.
      detached: true,
    },
  )
  closeSync(file)
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  let ended = false
  const died = new Promise<WeirError>((resolve) => {
    const report = (why: string) => ended || resolve(new WeirError('WEIR_TESTBED', `${name} ended ${why}`))
    exited.then(
      // A program that was killed had no time to say why.
      ([code, signal]) => report(signal ? `(${signal})` : `(exit code ${code})${lastComplaint(log)}`),
      (error: Error) => report(`before it began (${error.message})`),
    )
  })
  return {
    died,
    async end() {
      ended = true
      // What it keeps is thrown away: nothing is gained by letting it finish.
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exited.catch(() => {})
    },
  }
}

/** The last line that tells of an error, in klog's words or those of etcd's JSON. */
export function lastComplaint(log: string): string {
  let lines: string[]
  try {
    lines = readFileSync(log, 'utf8').trim().split('\n')
  } catch {
    return ''
  }
  const line = lines.findLast((one) =>
    /^[EF]\d{4} |"level":"(error|fatal)"|"error":|^(Error|error|panic)\b/.test(one),
  )
  return line === undefined ? '' : `: ${line.replace(/^[EF]\d{4} \S+\s+\d+ /, '')}`
}
