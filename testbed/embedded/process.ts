import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WeirError } from '#weir/errors/index.ts'
import type { Disturbance } from '#weir/facts/index.ts'
import { inNewNamespace, isEntered } from '../control-plane/namespace.ts'
import { CLUSTER_NAME, type EmbeddedOptions, type StartEmbedded, type TestbedKind } from '../types.ts'
import { ChildHealth } from './child-health.ts'
import { type ChildMessage, closeMs, FATAL, type ParentMessage } from './messages.ts'

const START_MS = 60_000
/** An operator's build has its own caches to fill, and may have to wait for its lease. */
const START_WITH_BUILD_MS = 120_000
/** A node boots, and starts a control plane; kind itself gives up before. */
const START_KIND_MS = 360_000
export const LOG_FILE = 'testbed.log'

/** The last complaint in the log, or its last line. */
export function lastWords(dir: string): string {
  let lines: string[]
  try {
    lines = readFileSync(join(dir, LOG_FILE), 'utf8').trim().split('\n')
  } catch {
    return 'it left no log'
  }
  const line =
    lines.findLast((one) => one.includes(` ${FATAL} `)) ?? lines.findLast((one) => /error/i.test(one))
  return (line ?? lines.at(-1) ?? '').replace(/^\S+Z (fatal: )?/, '') || 'it said nothing'
}

/** Starts the process and waits until the cluster in it is ready. Throws WeirError, and leaves nothing running. */
export async function startProcess(
  options: EmbeddedOptions,
  { detached }: { detached: boolean },
): Promise<{ child: ChildProcess; kubeconfig: string }> {
  const { kind = 'embedded' } = options
  const name = CLUSTER_NAME[kind]
  const isReal = kind === 'control-plane'
  if (isReal && !detached && !isEntered())
    throw new WeirError(
      'WEIR_CONTROL_PLANE',
      'this process cannot reach the testbed control-plane, which has a network namespace of its own: use the command "weir run"',
    )
  mkdirSync(options.dir, { recursive: true })
  const logFile = openSync(join(options.dir, LOG_FILE), 'a', 0o600)
  const child = fork(
    fileURLToPath(new URL('./child.js', import.meta.url)),
    [JSON.stringify({ ...options, detached })],
    {
      // In a session of its own: signals to the process group of the harness are not for the cluster under test.
      detached: true,
      stdio: ['ignore', logFile, logFile, 'ipc'],
      // One that outlives this process gets the namespace that a run has for itself.
      ...(isReal &&
        detached && {
          execPath: 'unshare',
          execArgv: [...inNewNamespace([process.execPath]), ...process.execArgv],
        }),
    },
  )
  closeSync(logFile)
  const startMs =
    kind === 'kind'
      ? START_KIND_MS
      : typeof options.operator === 'string' && !isReal
        ? START_MS
        : START_WITH_BUILD_MS
  const kubeconfig = await new Promise<string>((resolve, reject) => {
    const fail = (error: WeirError) => {
      clearTimeout(timer)
      // Containers do not end with the process: it removes them when its channel closes.
      if (kind === 'kind' && child.connected) child.disconnect()
      else child.kill('SIGKILL')
      reject(error)
    }
    const timer = setTimeout(() => {
      fail(
        new WeirError(
          'WEIR_TESTBED',
          `${name} is not ready after ${startMs / 1000} s: ${lastWords(options.dir)}`,
        ),
      )
    }, startMs)
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'failed') return fail(new WeirError(message.code, message.message))
      if (message.type !== 'ready') return
      clearTimeout(timer)
      resolve(message.kubeconfig)
    })
    child.once('error', (error) =>
      fail(
        new WeirError('WEIR_TESTBED', `${name} cannot be started: ${error.message}`, {
          cause: error,
        }),
      ),
    )
    child.once('exit', (code, signal) =>
      fail(
        new WeirError(
          'WEIR_TESTBED',
          `${name} ended (${signal ?? code}) before it was ready: ${lastWords(options.dir)}`,
        ),
      ),
    )
  })
  return { child, kubeconfig }
}

/** Longer than closeMs(): then it is killed. */
const KILL_AFTER_MS = 2000

/**
 * An embedded cluster in a process of its own, so that it shares neither event loop nor descriptors with the harness.
 * It ends with close(), and by itself when this process ends.
 */
export const startEmbedded: StartEmbedded = async (options) => {
  const { child, kubeconfig } = await startProcess(options, { detached: false })
  let closed = false
  const health = new ChildHealth()
  child.on('message', (message: ChildMessage) => {
    if (message.type === 'health') health.heard(message.loop)
  })
  let disturbances = 0
  const exited = once(child, 'exit')
  const died = new Promise<WeirError>((resolve) => {
    exited.then(([code, signal]) => {
      if (closed) return
      // A signal finds no last words in the log.
      const why = signal ? `(${signal})` : `(exit code ${code}): ${lastWords(options.dir)}`
      resolve(new WeirError('WEIR_TESTBED', `${CLUSTER_NAME[options.kind ?? 'embedded']} died ${why}`))
    })
  })
  return {
    kubeconfig,
    pid: child.pid ?? 0,
    died,
    health: () => health.read(),
    disturb: (disturbance) => disturb(child, ++disturbances, disturbance),
    async close() {
      closed = true
      if (child.exitCode !== null || child.signalCode !== null) return removeAbandonedOf(options.kind)
      const timer = setTimeout(() => child.kill('SIGKILL'), closeMs(options.kind) + KILL_AFTER_MS)
      // Without its channel it ends by itself.
      if (child.connected) child.disconnect()
      await exited
      clearTimeout(timer)
      await removeAbandonedOf(options.kind)
    },
  }
}

function disturb(child: ChildProcess, id: number, disturbance: Disturbance): Promise<void> {
  const failed = (why: string) => new WeirError('WEIR_TESTBED', `${disturbance.what}: ${why}`)
  return new Promise((resolve, reject) => {
    const heard = (message: ChildMessage) => {
      if (message.type !== 'disturbed' || message.id !== id) return
      child.off('message', heard)
      if (message.why === undefined) resolve()
      else reject(failed(message.why))
    }
    child.on('message', heard)
    const order: ParentMessage = { type: 'disturb', id, disturbance }
    child.send(order, (error) => error && reject(failed(error.message)))
  })
}

/** A process that was killed leaves containers. */
async function removeAbandonedOf(kind: TestbedKind | undefined): Promise<void> {
  if (kind === 'kind') await (await import('../kind/abandoned.ts')).removeAbandonedClusters()
}
