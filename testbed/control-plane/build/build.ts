import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import {
  type Built,
  binaryIn,
  builtFile,
  bytesIn,
  cacheDir,
  missingPrograms,
  PROGRAM_NAMES,
  PROGRAMS,
  type ProgramName,
  readBuilt,
} from './cache.ts'
import { takeLock } from './lock.ts'
import { type Modules, readModules } from './modules.ts'
import { checkRequirements, goPath } from './requirements.ts'

/** How long it takes on two processors of the kind that weir is measured on, with nothing in Go's caches. */
const MINUTES_ON_TWO = 12

/**
 * The folder of etcd, kube-apiserver and kube-controller-manager. Builds those that are missing, once for each version; a build that was
 * broken off goes on where it was. `note` receives a line for each step. Throws WEIR_CONTROL_PLANE with what this machine lacks, or
 * with Go's last words.
 */
export async function buildPrograms(note: (line: string) => void): Promise<string> {
  const modules = readModules()
  const dir = cacheDir(modules.kubernetes)
  const missing = () => missingPrograms(readBuilt(dir), modules.digest, bytesIn(dir))
  checkRequirements(dir, { toBuild: missing().length > 0 })
  if (missing().length === 0) return dir
  await inOneLine(dir, async () => {
    const release = await takeLock(join(dir, 'building'), ({ pid }) =>
      note(`weir: process ${pid} is building the control plane already: waiting for it`),
    )
    try {
      // Another process may have built them meanwhile.
      const wanted = missing()
      if (wanted.length > 0) note(announcement(wanted, modules, dir))
      for (const name of wanted) await build(name, modules, dir, note)
    } finally {
      release()
    }
  })
  return dir
}

/** What the system refuses during a build, such as room on the disk, as WEIR_CONTROL_PLANE. */
export async function inOneLine(dir: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof WeirError || (error as NodeJS.ErrnoException).syscall === undefined) throw error
    throw new WeirError(
      'WEIR_CONTROL_PLANE',
      `the control plane cannot be built in ${dir}: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

export function announcement(wanted: readonly ProgramName[], modules: Modules, dir: string): string {
  const minutes = Math.ceil((MINUTES_ON_TWO * 2) / Math.min(2, availableParallelism()))
  const rest = wanted.length < PROGRAM_NAMES.length ? 'the rest of ' : ''
  return `weir: building ${rest}the control plane from source, once: ${wanted.map((name) => `${name} ${versionOf(name, modules)}`).join(', ')}, into ${dir}; about ${minutes} minutes on ${Math.min(2, availableParallelism())} processors, less with what Go has cached`
}

const versionOf = (name: ProgramName, { etcd, kubernetes }: Modules) => (name === 'etcd' ? etcd : kubernetes)

/** The arguments of go that build one program. */
export function goArguments(name: ProgramName, version: string, output: string): string[] {
  const [major, minor] = version.replace(/^v/, '').split('.')
  const variable = (key: string, value = '') => `-X k8s.io/component-base/version.${key}=${value}`
  const versions = [
    variable('gitVersion', version),
    variable('gitMajor', major),
    variable('gitMinor', minor),
    variable('gitTreeState', 'clean'),
  ]
  const flags = ['-s', '-w', ...(name === 'etcd' ? [] : versions)].join(' ')
  return ['build', '-mod=readonly', '-trimpath', '-ldflags', flags, '-o', output, PROGRAMS[name]]
}

async function build(
  name: ProgramName,
  modules: Modules,
  dir: string,
  note: (line: string) => void,
): Promise<void> {
  const startedMs = performance.now()
  const step = `${PROGRAM_NAMES.indexOf(name) + 1} of ${PROGRAM_NAMES.length}`
  note(`weir: ${step}: ${name}: downloading its modules and compiling`)
  const source = join(dir, 'modules')
  mkdirSync(source, { recursive: true })
  mkdirSync(join(dir, 'bin'), { recursive: true })
  for (const [file, text] of Object.entries(modules.files)) writeFileSync(join(source, file), text)
  const target = binaryIn(dir, name)
  const unfinished = `${target}.unfinished`
  const log = join(dir, 'build.log')
  const args = goArguments(name, versionOf(name, modules), unfinished)
  const code = await runGo(args, source, log)
  if (code !== 0) {
    rmSync(unfinished, { force: true })
    throw new WeirError(
      'WEIR_CONTROL_PLANE',
      `${name} cannot be built: ${lastLine(log) || `go ended with ${code}`}; all of it is in ${log}`,
    )
  }
  renameSync(unfinished, target)
  const built: Built = { ...readBuilt(dir), [name]: { digest: modules.digest, bytes: statSync(target).size } }
  writeFileSync(`${builtFile(dir)}.unfinished`, `${JSON.stringify(built, null, 2)}\n`)
  renameSync(`${builtFile(dir)}.unfinished`, builtFile(dir))
  note(`weir: ${step}: ${name}: built in ${Math.round((performance.now() - startedMs) / 1000)} s`)
}

/** Resolves with the exit code, or the name of the signal. */
async function runGo(args: string[], cwd: string, log: string): Promise<number | string> {
  const file = openSync(log, 'a')
  try {
    // Without cgo the programs need nothing of this machine, and no C compiler.
    const env = { ...process.env, PATH: goPath(), CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'local' }
    // A weir that is killed takes go with it.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'go', ...args], {
      cwd,
      env,
      stdio: ['ignore', file, file],
    })
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    return code ?? signal ?? 1
  } finally {
    closeSync(file)
  }
}

const lastLine = (file: string): string => readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? ''
