import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs'
import { delimiter } from 'node:path'
import { messageOf, WeirError } from '#weir/errors/index.ts'

/** Where Go's own archive installs it, for users whose PATH does not have it. */
const GO_PATH = '/usr/local/go/bin'
const OLDEST_GO = [1, 24] as const
/** Measured: 1.4 GiB of modules, 1.9 GiB of compiled packages, 0.3 GiB of programs. */
const BUILD_GIB = 5
const GIB = 2 ** 30

/** What a build from source needs of this machine. */
export interface BuildMachine {
  /** Undefined without Go. */
  go?: string | undefined
  /** Why the folder of the build cannot be written, if it cannot. */
  unwritable?: string | undefined
  /** Undefined where it was not looked for. */
  freeBytes?: number | undefined
}

/** A command, and the Debian package that has it. */
export interface Command {
  command: string
  package: string
}

/** What is known of this machine. */
export interface Machine extends BuildMachine {
  platform: string
  isRoot: boolean
  missing: readonly Command[]
  /** Why the kernel gives no network namespace, if it does not. */
  refusal?: string | undefined
}

/** What the testbed lacks, in one line with what to do; undefined when it lacks nothing. */
export function lacks(machine: Machine, { toBuild }: { toBuild: boolean }): string | undefined {
  if (machine.platform !== 'linux') return 'it needs Linux: use the embedded cluster on this machine'
  const problems: string[] = []
  if (!machine.isRoot) problems.push('it needs root, for a network namespace: start weir with sudo')
  problems.push(...machine.missing.map(missingText))
  if (machine.refusal !== undefined && problems.length === 0)
    problems.push(
      `the kernel gives no network namespace (${machine.refusal}): run weir where CAP_SYS_ADMIN is allowed`,
    )
  if (toBuild) problems.push(...buildProblems(machine, BUILD_GIB))
  return problems.length === 0 ? undefined : problems.join('; ')
}

export const missingText = ({ command, package: from }: Command): string =>
  `the command ${command} is missing: install ${from}`

/** What a build lacks that takes so much of the disk. */
export function buildProblems(
  { go, unwritable, freeBytes = Number.POSITIVE_INFINITY }: BuildMachine,
  buildGib: number,
): string[] {
  const problems: string[] = []
  const wanted = OLDEST_GO.join('.')
  if (go === undefined)
    problems.push(`Go ${wanted} or later is missing: install it from https://go.dev/dl to build Kubernetes`)
  else if (!isRecent(go))
    problems.push(`Go ${go} is too old: install ${wanted} or later from https://go.dev/dl`)
  if (unwritable !== undefined)
    problems.push(`the build has no place to write to (${unwritable}): set XDG_CACHE_HOME to a folder`)
  if (freeBytes < buildGib * GIB)
    problems.push(
      `the build needs ${buildGib} GiB of disk and ${(freeBytes / GIB).toFixed(1)} GiB are free: make room, or set XDG_CACHE_HOME, GOCACHE and GOMODCACHE`,
    )
  return problems
}

function isRecent(go: string): boolean {
  const [major = 0, minor = 0] = go.split('.').map(Number)
  return major > OLDEST_GO[0] || (major === OLDEST_GO[0] && minor >= OLDEST_GO[1])
}

/** The PATH by which Go is found. */
export const goPath = (env: NodeJS.ProcessEnv = process.env): string =>
  [env.PATH, GO_PATH].filter(Boolean).join(delimiter)

const COMMANDS = [
  { command: 'ip', flag: '-V', package: 'iproute2' },
  { command: 'unshare', flag: '--version', package: 'util-linux' },
  { command: 'setpriv', flag: '--version', package: 'util-linux' },
] as const

/** Throws WEIR_CONTROL_PLANE with what this machine lacks. */
export function checkRequirements(dir: string, { toBuild }: { toBuild: boolean }): void {
  const problem = lacks(examine(dir, toBuild), { toBuild })
  if (problem !== undefined)
    throw new WeirError('WEIR_CONTROL_PLANE', `the testbed control-plane cannot run here: ${problem}`)
}

function examine(dir: string, toBuild: boolean): Machine {
  const linux = process.platform === 'linux'
  const isRoot = process.getuid?.() === 0
  const missing = linux ? missingOf(COMMANDS) : []
  const tried = linux && isRoot && missing.length === 0 ? spawnSync('unshare', ['--net', 'true']) : undefined
  return {
    platform: process.platform,
    isRoot,
    missing,
    ...(tried && tried.status !== 0 && { refusal: tried.stderr.toString().trim() }),
    ...(toBuild && buildMachine(dir, isRoot)),
  }
}

/** The commands that this machine lacks. `flag` makes each of them end at once. */
export const missingOf = (commands: readonly (Command & { flag: string })[]): Command[] =>
  commands.filter(({ command, flag }) => spawnSync(command, [flag]).error !== undefined)

/** Others than root may not write there, and sudo may put it elsewhere. */
export const buildMachine = (dir: string, isRoot: boolean): BuildMachine => ({
  go: goVersion(),
  ...(isRoot && spaceIn(dir)),
})

function goVersion(): string | undefined {
  const { stdout, status } = spawnSync('go', ['env', 'GOVERSION'], {
    env: { ...process.env, PATH: goPath(), GOTOOLCHAIN: 'local' },
  })
  return status === 0 ? stdout.toString().trim().replace(/^go/, '') : undefined
}

function spaceIn(dir: string): Pick<BuildMachine, 'unwritable' | 'freeBytes'> {
  try {
    mkdirSync(dir, { recursive: true })
    accessSync(dir, constants.W_OK)
    const { bavail, bsize } = statfsSync(dir)
    return { freeBytes: bavail * bsize }
  } catch (error) {
    return { unwritable: messageOf(error) }
  }
}
