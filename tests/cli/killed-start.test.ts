/** `weir testbed up` that is killed before the testbed can be found. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isRunning, type Owner, ownerOf } from '#weir/testbed/runtime/owner.ts'
import { childrenOf } from '../support/processes.ts'
import { projectFile } from '../support/project-file.ts'
import { clear } from './run/ended-by.ts'

const LIMIT_MS = 30_000
const entry = fileURLToPath(projectFile('cli/weir.mjs'))

test.after(clear)

let folder: string
let clusters: Owner[]
test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-state-'))
  clusters = []
})
test.after.each(() => {
  for (const cluster of clusters) if (isRunning(cluster)) process.kill(cluster.pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

async function until(what: string, look: () => boolean): Promise<void> {
  for (const endMs = Date.now() + LIMIT_MS; !look(); await sleep(10))
    if (Date.now() > endMs) throw new Error(`never came: ${what}`)
}

/** Starts it, kills it as soon as there are a cluster's process and what else `isTime` wants, and waits for the end of that process. */
async function killedOnce(signal: NodeJS.Signals, isTime: () => boolean): Promise<void> {
  const up: ChildProcess = spawn(process.execPath, [entry, 'testbed', 'up'], {
    env: { ...process.env, XDG_STATE_HOME: folder },
    stdio: 'ignore',
  })
  const ended = once(up, 'exit')
  try {
    await until('the process of the cluster', () => {
      clusters = childrenOf(up, 'embedded/child.js').map(ownerOf)
      return clusters.length === 1
    })
    // It stands still: otherwise it might be done before it is killed.
    up.kill('SIGSTOP')
    await until('the time to kill it', isTime)
  } finally {
    up.kill(signal)
    up.kill('SIGCONT')
    await ended
  }
  await until('the end of the cluster', () => !clusters.some(isRunning))
  assert.not(existsSync(join(folder, 'weir/testbed.json')), 'nothing could have found it')
}

test('kill -9 at once: no cluster remains', async () => {
  await killedOnce('SIGKILL', () => true)
})

const hasKubeconfig = () => existsSync(join(folder, 'weir/kubeconfig'))
const isReady = () =>
  hasKubeconfig() && / ready: /.test(readFileSync(join(folder, 'weir/testbed.log'), 'utf8'))

test('kill -9 and Ctrl-C while the cluster starts: none remains', async () => {
  await killedOnce('SIGKILL', hasKubeconfig)
  rmSync(folder, { recursive: true })
  await killedOnce('SIGINT', hasKubeconfig)
})

test('kill -9 when the cluster is ready and nobody has been told: it does not remain', async () => {
  await killedOnce('SIGKILL', isReady)
})

test.run()
