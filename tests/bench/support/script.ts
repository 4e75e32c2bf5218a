import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { projectFile } from '../../support/project-file.ts'

export interface Script {
  child: ChildProcess
  /** What it has written so far. */
  output(): string
  /** Resolves with all that it wrote when it has ended. */
  ended: Promise<string>
}

/**
 * Runs a script in a process of its own, from the project's root; with `limit`, under that limit of open files, hard as well as
 * soft, since Node raises the soft one. With `group` it leads a process group, as a command on a terminal does.
 */
export function startScript(
  script: string,
  { limit, group = false }: { limit?: number; group?: boolean } = {},
): Script {
  const limiting = limit === undefined ? '' : `ulimit -n ${limit} && `
  const child = spawn(
    'sh',
    ['-c', `${limiting}exec "$0" --input-type=module-typescript -e "$1"`, process.execPath, script],
    {
      cwd: fileURLToPath(projectFile('.')),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: group,
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return {
    child,
    output: () => output,
    ended: new Promise((resolve) => child.on('close', () => resolve(output))),
  }
}
