/** What ends a run from outside, in processes of its own: a signal to the whole group in each phase, and deaths of weir's processes. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Verdict } from '#weir/assertions/verdict/verdict.ts'
import { projectFile } from '../../support/project-file.ts'

const entry = fileURLToPath(projectFile('cli/weir.mjs'))
const folder = mkdtempSync(join(tmpdir(), 'weir-endings-'))
const groups: ChildProcess[] = []
test.after(() => {
  for (const { pid, exitCode, signalCode } of groups)
    if (exitCode === null && signalCode === null) process.kill(-pid!, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const SETTINGS = ['fleet.clients=100', 'cluster.manifest.spec.replicas=1'].flatMap((it) => ['--set', it])

interface Ending {
  dir: string
  code: number | null
  /** From the act to the end of the process. */
  tookMs: number
  said: string
}

/**
 * Runs weir in a process group of its own; `act` is called once, when stderr has `words` ('' is at once), and `prepare` when the
 * cluster is there and the fleet is not.
 */
function endedBy(
  name: string,
  words: string,
  act: (child: ChildProcess) => void,
  prepare: (child: ChildProcess) => void = () => {},
): Promise<Ending> {
  const dir = join(folder, name)
  const child = spawn(process.execPath, [entry, 'run', 'blue-green-quick', ...SETTINGS, '--out', dir], {
    detached: true,
    env: { ...process.env, NO_COLOR: '1', GITHUB_STEP_SUMMARY: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  groups.push(child)
  let said = ''
  let actedMs = 0
  let isPrepared = false
  const check = () => {
    if (!isPrepared && said.includes('  cluster-ready  ')) {
      isPrepared = true
      prepare(child)
    }
    if (actedMs > 0 || !said.includes(words)) return
    actedMs = performance.now()
    act(child)
  }
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
      check()
    })
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ dir, code, tookMs: performance.now() - actedMs, said })),
  )
}

const toGroup = (signal: NodeJS.Signals) => (child: ChildProcess) => void process.kill(-child.pid!, signal)

function verdictOf(dir: string): Verdict {
  return JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')) as Verdict
}

const failures = (verdict: Verdict) => verdict.findings.filter(({ outcome }) => outcome === 'fail')

/** Process ids of this run's own processes whose command line has `part`. */
function childrenOf({ pid }: ChildProcess, part: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
      const isIt = Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(part)
      return isIt ? [Number(name)] : []
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

/** Phases by the progress line that begins each, and how long after it the signal comes. */
const PHASES: [phase: string, words: string, afterMs: number][] = [
  ['cluster-ready', '  cluster-ready  ', 0],
  ['start-fleet', '  start-fleet  ', 0],
  ['fleet-connected', '  fleet-connected  ', 0],
  ['hold before the change', '  hold  ', 500],
  ['upgraded', '  upgraded  ', 3000],
]

for (const [phase, words, afterMs] of PHASES)
  test(`SIGTERM to the whole group, during ${phase}: the record is closed, nothing fails, weir ends`, async () => {
    const act = (child: ChildProcess) => void setTimeout(() => toGroup('SIGTERM')(child), afterMs)
    const { dir, code, tookMs, said } = await endedBy(phase.replaceAll(' ', '-'), words, act)
    assert.is(code, 130, said)
    assert.ok(tookMs < afterMs + 30_000, `it took ${tookMs} ms`)
    assert.is(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')).end.how, 'interrupted')
    assert.equal(failures(verdictOf(dir)), [], said)
    assert.not.match(said, /embedded cluster (died|ended)/)
  })

test('SIGTERM to the whole group while the cluster starts: weir ends', async () => {
  const { dir, tookMs, said } = await endedBy('starting', '', (child) => {
    setTimeout(() => toGroup('SIGTERM')(child), 1500)
  })
  assert.ok(tookMs < 30_000, `it took ${tookMs} ms`)
  if (existsSync(join(dir, 'verdict.json'))) assert.equal(failures(verdictOf(dir)), [], said)
})

test('a signal that comes twice at once, as timeout(1) and npm send it, is one', async () => {
  const { dir, code, said } = await endedBy('twice', '  upgraded  ', (child) => {
    child.kill('SIGTERM')
    toGroup('SIGTERM')(child)
  })
  assert.is(code, 130, said)
  assert.ok(existsSync(join(dir, 'verdict.json')), said)
})

test('kill -9 of the embedded cluster: it is the headline, nothing fails, weir ends soon', async () => {
  const { dir, code, tookMs, said } = await endedBy('cluster-killed', '  upgraded  ', (child) => {
    const [cluster] = childrenOf(child, 'embedded/child.js')
    setTimeout(() => process.kill(cluster!, 'SIGKILL'), 4000)
  })
  const verdict = verdictOf(dir)
  assert.match(verdict.headline, /^The embedded cluster died \(SIGKILL\) at \+/)
  assert.equal(failures(verdict), [], said)
  assert.is(code, 3, said)
  assert.ok(tookMs < 60_000, `it took ${tookMs} ms`)
  const events = readFileSync(join(dir, 'events.ndjson'), 'utf8')
  assert.match(events, /"type":"process-end","process":"embedded cluster"/)
})

test('kill -9 of a process with a part of the fleet: the same', async () => {
  const { dir, code, tookMs, said } = await endedBy(
    'shard-killed',
    '  upgraded  ',
    (child) => {
      const [shard] = childrenOf(child, 'hosts/child-main.js')
      assert.ok(shard, 'the fleet runs in child processes')
      setTimeout(() => process.kill(shard!, 'SIGKILL'), 2000)
    },
    // So few that the fleet does not fit into the harness; the cluster keeps what it has.
    ({ pid }) => void execFileSync('prlimit', ['--pid', String(pid), '--nofile=160:160']),
  )
  const verdict = verdictOf(dir)
  assert.match(verdict.headline, /^A worker of the client fleet died \(it was ended by SIGKILL\)/)
  assert.equal(failures(verdict), [], said)
  assert.is(code, 3, said)
  assert.ok(tookMs < 60_000, `it took ${tookMs} ms`)
})

test.run()
