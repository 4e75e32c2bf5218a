import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { WeirError } from '#weir/errors/index.ts'
import type { EmbeddedOptions } from '../types.ts'
import { startProcess } from './process.ts'

const STATE_FILE = 'testbed.json'
const END_MS = 8000
const LOOK_MS = 50

export interface TestbedState {
  pid: number
  kubeconfig: string
  operator: EmbeddedOptions['operator']
  faults: string[]
  /** RFC 3339. */
  since: string
}

export interface TestbedUpOptions
  extends Pick<EmbeddedOptions, 'operator' | 'pollIntervalSeconds' | 'healthCheckWaitSeconds'>,
    Partial<Pick<EmbeddedOptions, 'emqx' | 'faults' | 'seed'>> {
  /** Where kubeconfig, log and state are kept; `$XDG_STATE_HOME/weir` or `~/.local/state/weir` when left out. */
  dir?: string
}

const stateDir = (dir?: string) =>
  dir ?? join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'weir')

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** True when this process is a testbed of ours: a number alone may have been given to another program since. */
async function isTestbed(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('embedded/child.js')
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
  return state !== undefined && (await isTestbed(state.pid)) ? state : undefined
}

/** Starts an embedded cluster that outlives this process. Throws WEIR_TESTBED when one runs already. */
export async function testbedUp(options: TestbedUpOptions): Promise<TestbedState> {
  const dir = stateDir(options.dir)
  const running = await testbedStatus({ dir })
  if (running !== undefined)
    throw new WeirError(
      'WEIR_TESTBED',
      `an embedded cluster runs already (process ${running.pid}, ${running.kubeconfig}): end it with "weir testbed down"`,
    )
  const { operator, faults = [], seed = 1 } = options
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const { child, kubeconfig } = await startProcess({ ...options, faults, seed, dir }, { detached: true })
  const since = new Date().toISOString()
  const state: TestbedState = {
    pid: child.pid ?? 0,
    kubeconfig,
    operator,
    faults,
    since,
  }
  await writeFile(join(dir, STATE_FILE), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  child.removeAllListeners('exit')
  child.disconnect()
  child.unref()
  return state
}

/** Ends it; false when none ran. */
export async function testbedDown({ dir }: { dir?: string } = {}): Promise<boolean> {
  const folder = stateDir(dir)
  const state = await testbedStatus({ dir: folder })
  await rm(join(folder, STATE_FILE), { force: true })
  if (state === undefined) return false
  process.kill(state.pid, 'SIGTERM')
  for (const endMs = Date.now() + END_MS; isAlive(state.pid) && Date.now() < endMs; )
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  if (isAlive(state.pid)) process.kill(state.pid, 'SIGKILL')
  await rm(state.kubeconfig, { force: true })
  // What real programs in its pods wrote.
  await rm(join(folder, 'programs'), { recursive: true, force: true })
  return true
}
