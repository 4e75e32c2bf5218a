import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WeirError } from '#weir/errors/index.ts'
import { isRunning, type Owner, ownerOf } from '../runtime/owner.ts'
import { lastLine } from './command.ts'
import { type EngineIdentity, engineIn, ownEngine, SOCKET } from './identity.ts'
import { FILES } from './paths.ts'

const START_MS = 60_000
const END_MS = 20_000
const POLL_MS = 200

/** The docker daemon that runs the nodes. */
export interface Engine {
  /** With which docker and kind reach it. */
  env: NodeJS.ProcessEnv
  identity: EngineIdentity
  /** Ends it if weir started it and it runs nothing any more. */
  release(): Promise<void>
}

/** Whether a docker daemon answers. */
export const answers = (env: NodeJS.ProcessEnv = process.env): boolean =>
  spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { env, timeout: 10_000 }).status === 0

/** Which daemon startEngine() uses: images of one are not another's. */
export const engineId = (home: string): string =>
  (answers() ? engineIn(process.env, home) : ownEngine(home)).id

/**
 * The user's docker daemon where one answers, which is used as it is; else one of weir's own: see startOwnEngine(). Throws WEIR_KIND.
 */
export async function startEngine(home: string): Promise<Engine> {
  if (!answers()) return startOwnEngine(home)
  const env = { ...process.env, KIND_EXPERIMENTAL_PROVIDER: 'docker' }
  return { env, identity: engineIn(env, home), async release() {} }
}

/**
 * A docker daemon of weir's own, on a socket of its own, which changes no packet filter and no bridge of this machine. It ends with
 * release(), or with the process that started it, and its containers with it. Throws WEIR_KIND.
 */
export async function startOwnEngine(home: string): Promise<Engine> {
  const dir = join(home, FILES.engine)
  const identity = ownEngine(home)
  const env = { ...process.env, DOCKER_HOST: identity.host, KIND_EXPERIMENTAL_PROVIDER: 'docker' }
  await hasEndedIfEnding(dir)
  if (!answers(env)) await startDaemon(dir, env)
  return { env, identity, release: () => endDaemon(dir, env) }
}

const STATE = 'dockerd.json'
const LOG = 'dockerd.log'

interface DaemonState {
  daemon: Owner
  startedBy: Owner
}

/** A daemon whose weir has been killed stops its containers and ends, and answers for a while meanwhile. */
async function hasEndedIfEnding(dir: string): Promise<void> {
  const state = readDaemon(dir)
  if (state === undefined || isRunning(state.startedBy)) return
  for (const endMs = Date.now() + START_MS; isRunning(state.daemon) && Date.now() < endMs; )
    await sleep(POLL_MS)
}

async function startDaemon(dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const log = join(dir, LOG)
  rmSync(log, { force: true })
  rmSync(join(dir, 'dockerd.pid'), { force: true })
  const file = openSync(log, 'a', 0o600)
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', 'dockerd', ...argumentsOf(dir)], {
    detached: true,
    stdio: ['ignore', file, file],
  })
  closeSync(file)
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  child.unref()
  if (child.pid !== undefined) {
    const state: DaemonState = { daemon: ownerOf(child.pid), startedBy: ownerOf(process.pid) }
    writeFileSync(join(dir, STATE), JSON.stringify(state))
  }
  for (const endMs = Date.now() + START_MS; Date.now() < endMs; await sleep(POLL_MS)) {
    if (answers(env)) return
    if (failure !== undefined || child.exitCode !== null || child.signalCode !== null)
      throw new WeirError(
        'WEIR_KIND',
        `dockerd does not start: ${failure?.message ?? lastLine(readFileSync(log, 'utf8'))}; all of it is in ${log}`,
      )
  }
  throw new WeirError('WEIR_KIND', `dockerd does not answer after ${START_MS / 1000} s; its log is ${log}`)
}

/** Nodes reach each other on their bridge, and weir reaches them there: nothing of the host's network has to change. */
function argumentsOf(dir: string): string[] {
  const args = [
    `--host=unix://${join(dir, SOCKET)}`,
    `--data-root=${join(dir, 'data')}`,
    `--exec-root=${join(dir, 'run')}`,
    `--pidfile=${join(dir, 'dockerd.pid')}`,
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    '--ip-masq=false',
  ]
  if (hasCapability(CAP_SYS_RESOURCE)) return args
  const runtime = join(dir, 'runc')
  writeFileSync(runtime, RUNC, { mode: 0o755 })
  return [...args, `--add-runtime=weir=${runtime}`, '--default-runtime=weir']
}

const CAP_SYS_RESOURCE = 24

/** Whether a process of this machine can have the capability (capabilities(7), bounding set). */
function hasCapability(number: number): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${bounding}`) >> BigInt(number)) & 1n) === 1n
}

/** docker asks for every capability for a node, and runc refuses what this machine does not give. */
const RUNC = `#!/bin/sh
# runc without CAP_SYS_RESOURCE, which this machine lacks.
before=
for argument in "$@"; do
  case "$before" in
    -b | --bundle) file=$argument/config.json ;;
    -p | --process) file=$argument ;;
  esac
  before=$argument
done
if [ -f "\${file:-}" ]; then
  sed -i -e 's/"CAP_SYS_RESOURCE",//g' -e 's/,\\{0,1\\}"CAP_SYS_RESOURCE"//g' "$file"
fi
exec runc "$@"
`

async function endDaemon(dir: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { stdout, status } = spawnSync('docker', ['ps', '--all', '--quiet'], { env, encoding: 'utf8' })
  if (status === 0 && stdout.trim() !== '') return
  const owner = readDaemon(dir)?.daemon
  if (owner !== undefined && isRunning(owner)) {
    process.kill(owner.pid, 'SIGTERM')
    for (const endMs = Date.now() + END_MS; isRunning(owner) && Date.now() < endMs; ) await sleep(POLL_MS)
    if (isRunning(owner)) process.kill(owner.pid, 'SIGKILL')
  }
  for (const path of mountsBelow(dir)) spawnSync('umount', [path])
  for (const name of [STATE, SOCKET, 'run', 'runc']) rmSync(join(dir, name), { recursive: true, force: true })
}

function readDaemon(dir: string): DaemonState | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, STATE), 'utf8')) as DaemonState
  } catch {
    return undefined
  }
}

/** The deepest first. */
function mountsBelow(dir: string): string[] {
  const paths = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
  return paths.filter((path) => path.startsWith(`${dir}/`)).reverse()
}
