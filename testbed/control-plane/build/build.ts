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
import { dirname, join } from 'node:path'
import { type ErrorCode, messageOf, WeirError } from '#weir/errors/index.ts'
import {
  type Built,
  binaryIn,
  builtFile,
  bytesIn,
  cacheDir,
  missingPrograms,
  PROGRAM_NAMES,
  type ProgramName,
  readBuilt,
  sourceOf,
} from './cache.ts'
import { takeLock } from './lock.ts'
import { kubernetesVersion, type Modules, readModules, versionIn } from './modules.ts'
import { checkRequirements, goPath } from './requirements.ts'

/** What is built: the programs of one testbed. */
export interface Wanted {
  names: readonly ProgramName[]
  /** As messages call them. */
  title: string
  /** How long it takes on two processors of the kind that weir is measured on, with nothing in Go's caches. */
  minutes: number
  code: ErrorCode
  /** Throws what this machine lacks. */
  check(dir: string, state: { toBuild: boolean }): void
}

const CONTROL_PLANE: Wanted = {
  names: PROGRAM_NAMES,
  title: 'the control plane',
  minutes: 12,
  code: 'WEIR_CONTROL_PLANE',
  check: checkRequirements,
}

/**
 * The folder of a testbed's programs: etcd, kube-apiserver and kube-controller-manager unless others are wanted. Builds those that are
 * missing, once for each version; a build that was broken off goes on where it was. `note` receives a line for each step. Throws an
 * error of the testbed's code with what this machine lacks, or with Go's last words.
 */
export async function buildPrograms(
  note: (line: string) => void,
  wanted: Wanted = CONTROL_PLANE,
): Promise<string> {
  const modules = readModules()
  const dir = cacheDir(kubernetesVersion(modules))
  const missing = () =>
    missingPrograms(wanted.names, readBuilt(dir), (module) => modules[module].digest, bytesIn(dir))
  wanted.check(dir, { toBuild: missing().length > 0 })
  if (missing().length === 0) return dir
  await inOneLine(dir, wanted, async () => {
    const release = await takeLock(join(dir, 'building'), ({ pid }) =>
      note(`weir: process ${pid} is building programs of Kubernetes already: waiting for it`),
    )
    try {
      // Another process may have built them meanwhile.
      const left = missing()
      if (left.length > 0) note(announcement(left, modules, dir, wanted))
      for (const name of left) await build(name, modules, dir, wanted, note)
    } finally {
      release()
    }
  })
  return dir
}

/** What the system refuses during a build, such as room on the disk, as an error of the testbed's code. */
export async function inOneLine(
  dir: string,
  { title, code }: Pick<Wanted, 'title' | 'code'>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof WeirError || (error as NodeJS.ErrnoException).syscall === undefined) throw error
    throw new WeirError(code, `${title} cannot be built in ${dir}: ${messageOf(error)}`, { cause: error })
  }
}

export function announcement(
  left: readonly ProgramName[],
  modules: Modules,
  dir: string,
  { names, title, minutes: onTwo }: Pick<Wanted, 'names' | 'title' | 'minutes'> = CONTROL_PLANE,
): string {
  const processors = Math.min(2, availableParallelism())
  const minutes = Math.ceil((onTwo * 2) / processors)
  const rest = left.length < names.length ? 'the rest of ' : ''
  const programs = left.map((name) => `${name} ${versionOf(name, modules)}`.trim()).join(', ')
  return `weir: building ${rest}${title} from source, once: ${programs}, into ${dir}; about ${minutes} minutes on ${processors} processors, less with what Go has cached`
}

/** Empty for weir's own. */
function versionOf(name: ProgramName, modules: Modules): string {
  const { module, versionOf: required } = sourceOf(name)
  return required === undefined ? '' : versionIn(modules[module], required)
}

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
  const { versionOf: required, package: from } = sourceOf(name)
  const flags = ['-s', '-w', ...(required === 'k8s.io/kubernetes' ? versions : [])].join(' ')
  return ['build', '-mod=readonly', '-trimpath', '-ldflags', flags, '-o', output, from]
}

async function build(
  name: ProgramName,
  modules: Modules,
  dir: string,
  { names, code }: Wanted,
  note: (line: string) => void,
): Promise<void> {
  const startedMs = performance.now()
  const step = `${names.indexOf(name) + 1} of ${names.length}`
  note(`weir: ${step}: ${name}: downloading its modules and compiling`)
  const module = modules[sourceOf(name).module]
  const source = join(dir, 'modules', sourceOf(name).module)
  mkdirSync(join(dir, 'bin'), { recursive: true })
  for (const [file, text] of Object.entries(module.files)) {
    mkdirSync(dirname(join(source, file)), { recursive: true })
    writeFileSync(join(source, file), text)
  }
  const target = binaryIn(dir, name)
  const unfinished = `${target}.unfinished`
  const log = join(dir, 'build.log')
  const args = goArguments(name, versionOf(name, modules), unfinished)
  // What stands in the log already is of builds before.
  const beginsAt = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  const ended = await runGo(args, source, log)
  if (ended !== 0) {
    rmSync(unfinished, { force: true })
    throw new WeirError(
      code,
      `${name} cannot be built: ${lastLine(log, beginsAt) || `go ended with ${ended}`}; all of it is in ${log}`,
    )
  }
  renameSync(unfinished, target)
  const built: Built = { ...readBuilt(dir), [name]: { digest: module.digest, bytes: statSync(target).size } }
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

const lastLine = (file: string, beginsAt: number): string =>
  readFileSync(file).toString('utf8', beginsAt).trim().split('\n').at(-1) ?? ''
