import type { ChildProcess } from 'node:child_process'
import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WeirError } from '#weir/errors/index.ts'
import { isRunning, type Owner, ownerOf } from '../runtime/owner.ts'
import { CLUSTER_NAME, type EmbeddedOptions, type TestbedKind } from '../types.ts'
import { closeMs, type ParentMessage } from './messages.ts'
import { LOG_FILE, lastWords, startProcess } from './process.ts'
import { removeAbandoned } from './run-folder.ts'

const STATE_FILE = 'testbed.json'
/** Everything that a testbed writes to its folder. */
const WRITTEN = [STATE_FILE, 'kubeconfig', 'programs', 'control-plane', 'kind', 'logs', LOG_FILE]
const END_AFTER_MS = 4000
const POLL_MS = 50

export interface TestbedState extends Owner {
  kind: TestbedKind
  kubeconfig: string
  operator: EmbeddedOptions['operator']
  faults: string[]
  /** RFC 3339. */
  since: string
}

export interface TestbedUpOptions
  extends Pick<EmbeddedOptions, 'operator' | 'pollIntervalSeconds' | 'healthCheckWaitSeconds'>,
    Partial<Pick<EmbeddedOptions, 'kind' | 'emqx' | 'faults' | 'seed' | 'hasWeirImage'>> {
  /** Where kubeconfig, log and state are kept; `$XDG_STATE_HOME/weir` or `~/.local/state/weir` when left out. */
  dir?: string
}

const stateDir = (dir?: string) =>
  dir ?? join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'weir')

async function isTestbed(state: TestbedState): Promise<boolean> {
  if (!isRunning(state)) return false
  try {
    return (await readFile(`/proc/${state.pid}/cmdline`, 'utf8')).includes('embedded/child.js')
  } catch {
    // No /proc on this system: then the number is all there is.
    return process.platform !== 'linux'
  }
}

async function readState(dir: string): Promise<TestbedState | undefined> {
  try {
    return JSON.parse(await readFile(join(dir, STATE_FILE), 'utf8')) as TestbedState
  } catch {
    return undefined
  }
}

/** The testbed that runs, if one does. */
export async function testbedStatus({ dir }: { dir?: string } = {}): Promise<TestbedState | undefined> {
  const state = await readState(stateDir(dir))
  return state !== undefined && (await isTestbed(state)) ? state : undefined
}

/** Starts a testbed that outlives this process. Throws WEIR_TESTBED when one runs already. */
export async function testbedUp(options: TestbedUpOptions): Promise<TestbedState> {
  removeAbandoned()
  const dir = stateDir(options.dir)
  const running = await testbedStatus({ dir })
  if (running !== undefined)
    throw new WeirError(
      'WEIR_TESTBED',
      `${CLUSTER_NAME[running.kind ?? 'embedded']} runs already (process ${running.pid}, ${running.kubeconfig}): end it with "weir testbed down"`,
    )
  const { operator, kind = 'embedded', faults = [], seed = 1 } = options
  await removeWritten(dir)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const { child, kubeconfig } = await startProcess({ ...options, faults, seed, dir }, { detached: true })
  const since = new Date().toISOString()
  const state: TestbedState = {
    ...ownerOf(child.pid ?? 0),
    kind,
    kubeconfig,
    operator,
    faults,
    since,
  }
  try {
    await writeFile(join(dir, STATE_FILE), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
    await keep(child, dir)
  } finally {
    child.removeAllListeners('exit')
    // One that has not been told to stay ends with this.
    if (child.connected) child.disconnect()
    child.unref()
  }
  return state
}

const keep = (child: ChildProcess, dir: string) =>
  new Promise<void>((resolve, reject) => {
    const message: ParentMessage = { type: 'keep' }
    child.send(message, (error) => {
      if (!error) return resolve()
      const what = `the testbed ended as soon as it was ready: ${lastWords(dir)}`
      reject(new WeirError('WEIR_TESTBED', what, { cause: error }))
    })
  })

/** Ends it, and removes what it or one that was killed has left; false when there was none. */
export async function testbedDown({ dir }: { dir?: string } = {}): Promise<boolean> {
  removeAbandoned()
  const folder = stateDir(dir)
  const state = await testbedStatus({ dir: folder })
  if (state !== undefined) await end(state)
  await removeWritten(folder)
  const { removeAbandonedClusters } = await import('../kind/abandoned.ts')
  return (await removeAbandonedClusters()) > 0 || state !== undefined
}

async function end(state: TestbedState): Promise<void> {
  process.kill(state.pid, 'SIGTERM')
  for (
    const endMs = Date.now() + closeMs(state.kind) + END_AFTER_MS;
    exists(state.pid) && Date.now() < endMs;
  )
    await sleep(POLL_MS)
  if (!isRunning(state)) return
  process.kill(state.pid, 'SIGKILL')
  while (isRunning(state)) await sleep(POLL_MS)
}

/** A process that has ended counts until its parent has seen it. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The folder too, unless something else is in it. */
async function removeWritten(folder: string): Promise<void> {
  for (const name of WRITTEN) await rm(join(folder, name), { recursive: true, force: true })
  await rmdir(folder).catch(() => {})
}
