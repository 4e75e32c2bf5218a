import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { WeirError } from '#weir/errors/index.ts'

/** A file or folder of this machine, and the path at which the program sees it. */
export interface Mount {
  from: string
  at: string
}

export interface SandboxOptions {
  /** The program and its arguments, by the paths that it sees. */
  command: readonly string[]
  env: Readonly<Record<string, string>>
  mounts: readonly Mount[]
  /** An empty folder of this program's own: the root of what it sees is built there, in its own mount namespace. */
  root: string
  hostname: string
  workingDir: string
  /** Descriptor that receives what it prints. */
  log: number
  /** As nice(1) has it; 0 when left out. */
  niceness?: number | undefined
}

/** Where the programs are that make the place; the program's own PATH may be another. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * A root as a container has one: the programs and libraries of this machine, which cannot be written to, an empty /tmp, /run and /var,
 * and the mounts. It exists in the mount namespace of the program only, and ends with it.
 */
const SCRIPT = `
set -e
root=$1 hostname=$2 directory=$3 path=$4
shift 4
hostname "$hostname"
mount -t tmpfs -o mode=755 weir "$root"
for entry in /bin /sbin /lib /lib32 /lib64 /libx32 /usr /proc /sys /dev; do
  if [ -L "$entry" ]; then cp -P "$entry" "$root$entry"
  elif [ -d "$entry" ]; then
    mkdir "$root$entry"
    mount --rbind "$entry" "$root$entry"
    case $entry in /proc|/sys|/dev) ;; *) mount -o remount,bind,ro "$root$entry" ;; esac
  fi
done
mkdir -p "$root/etc" "$root/run" "$root/var" "$root/root"
mkdir -m 1777 "$root/tmp" "$root/var/tmp"
ln -s ../run "$root/var/run"
for entry in passwd group nsswitch.conf host.conf ld.so.cache ld.so.conf ld.so.conf.d alternatives ssl/certs localtime services protocols; do
  [ -e "/etc/$entry" ] || continue
  mkdir -p "$(dirname "$root/etc/$entry")"
  cp -rP "/etc/$entry" "$root/etc/$entry"
done
while [ "$1" != -- ]; do
  from=$1 at=$root$2
  shift 2
  if [ -d "$from" ]; then mkdir -p "$at"
  else mkdir -p "$(dirname "$at")"; [ -e "$at" ] || : > "$at"
  fi
  mount --rbind "$from" "$at"
done
shift
chroot=$(command -v chroot)
PATH=$path exec "$chroot" "$root" /bin/sh -c 'cd "$1"; shift; exec "$@"' sh "$directory" "$@"
`

const asUser = (): string[] => (process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])

/** Throws WEIR_TESTBED where this machine or this user cannot have such a place. */
export function checkSandbox(): void {
  const cannot = (why: string) => new WeirError('WEIR_TESTBED', `real programs cannot run here: ${why}`)
  if (process.platform !== 'linux') throw cannot('they need the namespaces of Linux')
  for (const program of ['setpriv', 'nsenter'])
    if (spawnSync(program, ['--version']).error !== undefined)
      throw cannot(`${program} is missing: install util-linux`)
  const { error, status, stderr } = spawnSync('unshare', ['--mount', '--uts', ...asUser(), 'true'])
  if (error !== undefined) throw cannot('unshare is missing: install util-linux')
  if (status !== 0)
    throw cannot(
      `the kernel refuses a mount namespace (${stderr.toString().trim()}): run weir as root, or allow user namespaces`,
    )
}

/**
 * Starts a program in namespaces of its own for mounts and the host's name; a user that is not root gets a user namespace as well. It is
 * the leader of a process group, and the kernel ends it when this process dies.
 */
export function spawnInSandbox(options: SandboxOptions): ChildProcess {
  const { command, env, mounts, root, hostname, workingDir, log, niceness = 0 } = options
  return spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'nice',
      '-n',
      String(niceness),
      'unshare',
      '--mount',
      '--uts',
      ...asUser(),
      'sh',
      '-c',
      SCRIPT,
      'sh',
      root,
      hostname,
      workingDir,
      env.PATH ?? SYSTEM_PATH,
      ...mounts.flatMap(({ from, at }) => [from, at]),
      '--',
      ...command,
    ],
    { env: { ...env, PATH: SYSTEM_PATH }, stdio: ['ignore', log, log], detached: true },
  )
}

/** Runs a command beside a program that is in its sandbox, as `kubectl exec` would. Resolves with its exit code. */
export function runInSandbox(
  pid: number,
  { command, env, log }: Pick<SandboxOptions, 'command' | 'env' | 'log'>,
): Promise<number> {
  const namespaces = [
    '--mount',
    '--uts',
    ...(process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials']),
  ]
  const child = spawn(
    'nsenter',
    ['--target', String(pid), ...namespaces, '--root', '--wd', '--', ...command],
    {
      env: { ...env },
      stdio: ['ignore', log, log],
    },
  )
  return new Promise((resolve) => {
    child.once('error', () => resolve(127))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** Opens a log for as long as a program is being started, which keeps a descriptor of its own. */
export function withLog<T>(file: string, act: (log: number) => T): T {
  const log = openSync(file, 'a', 0o600)
  try {
    return act(log)
  } finally {
    closeSync(log)
  }
}
