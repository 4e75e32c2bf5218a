import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import { projectFile } from '../project-file.ts'

/** Released operators and EMQX nodes as programs, where somebody put them: the folder that WEIR_REAL names, or one beside the project. */
const REAL = process.env.WEIR_REAL ?? fileURLToPath(projectFile('../shared/real'))
const CACHE = fileURLToPath(projectFile('runs/.real'))

export type OperatorVersion = '2.1.1' | '2.1.2' | '2.2.29' | '2.3-dev'

export const hasReal = (): boolean => existsSync(join(REAL, 'operator')) && existsSync(join(REAL, 'emqx'))

/** `test` where the programs are, and a line that tests/run.ts counts where they are not. */
export function testReal(title: string, act: () => Promise<void>): void {
  if (hasReal()) test(title, act)
  else console.log(`not here: ${title}`)
}

/** What makes a folder is made in another and moved there when it is whole. */
function made(name: string, make: (folder: string) => void): string {
  const folder = join(CACHE, name)
  if (existsSync(folder)) return folder
  const building = `${folder}.${process.pid}`
  rmSync(building, { recursive: true, force: true })
  mkdirSync(building, { recursive: true })
  make(building)
  renameSync(building, folder)
  return folder
}

/** A released operator: its program, and the folder that its manifests are in too. */
export function realOperator(version: OperatorVersion): { binary: string; flags: string[] } {
  const folder = made(`operator-${version}`, (building) => {
    const from = join(REAL, 'operator', version)
    for (const name of readdirSync(from)) {
      if (!name.endsWith('.xz')) copyFileSync(join(from, name), join(building, name))
      else
        writeFileSync(
          join(building, name.slice(0, -'.xz'.length)),
          execFileSync('xz', ['-dc', join(from, name)], { maxBuffer: 2 ** 28 }),
        )
    }
    chmodSync(join(building, 'manager'), 0o755)
  })
  const binary = join(folder, 'manager')
  return { binary, flags: ['--operator-binary', binary] }
}

/** EMQX 5.8.9 in the shape of its release: the applications, and a bin/emqx that runs them on the system's Erlang. */
export function realEmqx(): { dir: string; flags: string[] } {
  const dir = made('emqx-5.8.9', (building) => {
    execFileSync('tar', ['xJf', join(REAL, 'emqx', 'emqx.tar.xz'), '-C', building, '--strip-components=1'])
    // The archive may bring a bin/ of its own.
    mkdirSync(join(building, 'bin'), { recursive: true })
    mkdirSync(join(building, 'releases'))
    writeFileSync(join(building, 'releases', 'emqx_vars'), 'REL_VSN="5.8.9"\n')
  })
  // Each time, since the script may have changed.
  const script = join(dir, 'bin', 'emqx')
  copyFileSync(fileURLToPath(projectFile('tests/support/real/bin-emqx.sh')), script)
  chmodSync(script, 0o755)
  return { dir, flags: ['--emqx', dir] }
}
