import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'uvu'

/** Programs that some tests use where they are installed, and the packages of Debian or of Python that bring them. */
export const PROGRAMS = {
  mosquitto: { apt: 'mosquitto' },
  'rabbitmq-server': { apt: 'rabbitmq-server' },
  kubectl: { apt: 'kubernetes-client' },
  chromium: { apt: 'chromium' },
  prometheus: { apt: 'prometheus' },
  promtool: { apt: 'prometheus' },
  cc: { apt: 'gcc libc6-dev' },
  zsh: { apt: 'zsh' },
  fish: { apt: 'fish' },
  python3: { apt: 'python3' },
  pyarrow: { pip: 'pyarrow' },
  /** And the right to make a mount namespace. */
  unshare: { apt: 'util-linux' },
  /** 1.24 or later; it loads the modules of Kubernetes. */
  go: { apt: 'golang-go' },
} as const

export type Program = keyof typeof PROGRAMS

/** Debian puts daemons where only administrators look; Go's own archive goes where no PATH looks. */
export const PATH = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/usr/local/go/bin'].join(delimiter)

/** Names in WEIR_HIDE count as not installed: so CI shows that the suite passes on a machine without them. */
const hidden = (process.env.WEIR_HIDE ?? '').split(',')

function onPath(program: string): boolean {
  return PATH.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const SEARCH: Partial<Record<Program, () => boolean>> = {
  pyarrow: () => spawnSync('python3', ['-c', 'import pyarrow']).status === 0,
  go: () => {
    const { stdout } = spawnSync('go', ['env', 'GOVERSION'], {
      encoding: 'utf8',
      env: { ...process.env, PATH },
    })
    const [, minor] = /^go1\.(\d+)/.exec(stdout ?? '') ?? []
    return Number(minor) >= 24
  },
  unshare: () => {
    const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
    return spawnSync('unshare', ['--mount', ...asUser, 'true']).status === 0
  },
}

export const has = (program: Program): boolean =>
  !hidden.includes(program) && (SEARCH[program]?.() ?? onPath(program))

/**
 * `test` where a program is there, and `test.skip` where it is not. tests/run.ts collects the lines that this prints, and names the
 * packages at the end.
 */
export function testWith(
  program: Program,
  within: Pick<typeof test, 'skip'> & typeof test = test,
): typeof test {
  if (has(program)) return within
  console.log(`needs: ${program}`)
  return within.skip as typeof test
}

/** The commands that install these. */
export function installing(programs: readonly Program[]): string {
  const packages = (by: 'apt' | 'pip') =>
    new Set(
      programs.flatMap((program) =>
        Object.entries(PROGRAMS[program]).flatMap(([tool, name]) => (tool === by ? [name] : [])),
      ),
    )
  const [apt, pip] = [[...packages('apt')], [...packages('pip')]]
  return [
    ...(apt.length > 0 ? [`apt-get install ${apt.join(' ')}`] : []),
    ...(pip.length > 0 ? [`python3 -m pip install ${pip.join(' ')}`] : []),
  ].join(' && ')
}
