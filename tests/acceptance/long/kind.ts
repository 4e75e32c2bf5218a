/**
 * The testbed kind: its start, runs on it with the verdict of each, clusters that are not weir's, and what is left behind by runs that were
 * ended from outside.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { messageOf } from '#weir/errors/index.ts'
import { startEngine } from '#weir/testbed/kind/engine.ts'
import { nodeImage } from '#weir/testbed/kind/image/node-image.ts'
import { kindHome } from '#weir/testbed/kind/paths.ts'
import { prepareKind } from '#weir/testbed/kind/prepare.ts'
import { projectFile } from '../../support/project-file.ts'
import { hasReal, realEmqx, realOperator } from '../../support/real/programs.ts'
import { runFit, type WeirRun, weir } from '../weir.ts'
import { type Counts, countRun, none } from './counts.ts'
import { adopted } from './kind-adopt.ts'
import { onEachDialect, operationsOnRelease } from './operations.ts'
import { weirImages } from './weir-image.ts'

const ON_IT = ['--testbed', 'kind']
const NODE = 'weir-control-plane'
/** As the user waits for it, once everything is built. */
const WARM_SECONDS = 120
const GONE_MS = 60_000

/** Undefined, after a notice, where this machine cannot have docker or what else it needs. */
async function onKind(...acts: ((counts: Counts) => Promise<void>)[]): Promise<Counts | undefined> {
  try {
    await prepareKind({}, (line) => console.log(`  ${line}`))
  } catch (error) {
    const bar = '!'.repeat(100)
    console.log(`${bar}\n!! NOT TRIED: the testbed kind. ${messageOf(error)}\n${bar}`)
    return undefined
  }
  const counts = none()
  const state = mkdtempSync(join(tmpdir(), 'weir-acceptance-state-'))
  process.env.XDG_STATE_HOME = state
  try {
    for (const act of acts) await act(counts)
  } finally {
    await weir(['testbed', 'down'])
    rmSync(state, { recursive: true, force: true })
  }
  return counts
}

export const KIND_PARTS = {
  'kind: start and end': () => onKind(warmStart, foreignCluster),
  'kind: ended from outside': () => onKind(interrupted),
  'kind: verdicts': () => onKind(verdicts),
  ...onEachDialect(
    (dialect) => `kind: operations of ${dialect} with the operator 2.2.29`,
    (dialect) => async () => {
      let tried: Counts | undefined
      await onKind(async (counts) => {
        tried = await operationsOnRelease(dialect, 'kind', counts)
      })
      return tried
    },
  ),
  'kind: adopted': () => onKind(adopted),
  'kind: images of weir': () => onKind(weirImages),
}

async function warmStart(counts: Counts): Promise<void> {
  const startedMs = performance.now()
  const up = await weir(['testbed', 'up', ...ON_IT])
  const seconds = (performance.now() - startedMs) / 1000
  console.log(`  warm start: ${seconds.toFixed(1)} s`)
  if (up.code !== 0) counts.wrong.push(`testbed up: ${up.stderr}`)
  else if (seconds > WARM_SECONDS) counts.wrong.push(`testbed up took ${seconds.toFixed(1)} s`)
  else counts.pass++
  if (leftovers().length === 0) counts.wrong.push('the search for what is left of a cluster is blind')
  const down = await weir(['testbed', 'down'])
  if (down.stdout !== 'stopped\n') counts.wrong.push(`testbed down: ${down.stdout}${down.stderr}`)
  await nothingLeft('testbed down', counts)
}

/** A container that kind would take for a cluster's: weir refuses its name and leaves it. */
async function foreignCluster(counts: Counts): Promise<void> {
  const { env, release } = await startEngine(kindHome())
  const docker = (...args: string[]) => spawnSync('docker', args, { env, encoding: 'utf8' })
  const label = 'io.x-k8s.kind.cluster=weir'
  const id = docker('create', '--name', NODE, '--label', label, nodeImage()).stdout.trim()
  try {
    const { code, stderr } = await weir(['testbed', 'up', ...ON_IT])
    const isThere = docker('inspect', id).status === 0
    if (code === 4 && /a kind cluster weir that weir did not make: .*\[WEIR_KIND\]/.test(stderr) && isThere)
      counts.pass++
    else counts.wrong.push(`a foreign cluster: exit ${code}, ${isThere ? 'there' : 'GONE'}: ${stderr}`)
  } finally {
    docker('rm', '--force', id)
    await release()
  }
  await nothingLeft('a foreign cluster', counts)
}

/** Honest runs do not fail; a fault does not pass. */
async function verdicts(counts: Counts): Promise<void> {
  const honest = (run: WeirRun) => run.verdict.outcome !== 'fail'
  await made(['blue-green-v5-quick'], counts, honest)
  await made(['blue-green-v5-quick', '--fault', 'rate-ignored'], counts, (run) =>
    run.ids('fail').includes('eviction-envelope'),
  )
  if (!hasReal()) {
    console.log('  not here: released operators and EMQX nodes')
    return made(['blue-green'], counts, ({ verdict }) => verdict.outcome === 'pass')
  }
  // The scenario of EMQX Operator's page on blue-green updates, with its 3,000 clients, and the release that it fits.
  const seed = ['blue-green', ...realOperator('2.1.2').flags]
  await made(seed, counts, ({ verdict }) => verdict.outcome === 'pass')
  const few = ['--set', 'fleet.clients=300']
  await made(
    ['blue-green-v5-quick', ...realOperator('2.2.29').flags, ...realEmqx().flags, ...few],
    counts,
    honest,
  )
}

async function made(args: string[], counts: Counts, isRight: (run: WeirRun) => boolean): Promise<void> {
  const what = args.join(' ')
  await runFit([...args, ...ON_IT], (run) => countRun(run, what, counts, isRight))
  await nothingLeft(what, counts)
}

/** Runs that lose something while clients are connected. `end` is what happens, `says` how the run tells of it. */
async function interrupted(counts: Counts): Promise<void> {
  const docker = (...args: string[]) => {
    const host = `unix://${join(kindHome(), 'engine', 'docker.sock')}`
    spawnSync('docker', ['--host', host, ...args], { stdio: 'ignore' })
  }
  const cases: [what: string, end: (pid: number) => void, says: RegExp | undefined][] = [
    ['kill -9 of weir', (pid) => process.kill(pid, 'SIGKILL'), undefined],
    [
      'kill -9 of the process of the cluster',
      (pid) => process.kill(childOf(pid), 'SIGKILL'),
      /kind cluster died/,
    ],
    [
      'the end of the node',
      () => docker('kill', NODE),
      /the node weir-control-plane of the kind cluster ended/,
    ],
    [
      'the end of the API server',
      () => docker('exec', NODE, 'mv', '/etc/kubernetes/manifests/kube-apiserver.yaml', '/tmp/'),
      /the API server .* has not answered for \d+ s|no news of any/,
    ],
  ]
  for (const [what, end, says] of cases) {
    const dir = mkdtempSync(join(tmpdir(), 'weir-acceptance-'))
    const entry = fileURLToPath(projectFile('cli/weir.mjs'))
    const out = join(dir, 'run')
    // A run that would go on for longer than it takes to notice.
    const args = ['run', 'blue-green-v5', '--set', 'fleet.clients=200', ...ON_IT, '--out', out]
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    let hasEnded = false
    const hear = (chunk: Buffer) => {
      said += chunk
      if (hasEnded || !said.includes('  fleet-connected  ')) return
      hasEnded = true
      end(child.pid!)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    const code = await new Promise((resolve) => child.on('close', resolve))
    console.log(`  ${what}: exit ${code}`)
    if (!hasEnded) counts.wrong.push(`${what} did not come (exit ${code}): ${said.slice(-500)}`)
    if (says !== undefined && !says.test(said.replace(/\s+/g, ' ')))
      counts.wrong.push(`${what}: weir did not say so: ${said.slice(-800)}`)
    if (says !== undefined && outcomeIn(out) !== 'inconclusive')
      counts.wrong.push(`${what}: the record is judged ${outcomeIn(out)}`)
    await nothingLeft(what, counts)
    rmSync(dir, { recursive: true, force: true })
  }
}

function outcomeIn(dir: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')).outcome
  } catch {
    return undefined
  }
}

/** The testbed's process, of a run's. */
function childOf(pid: number): number {
  const found = readdirSync('/proc').find((name) => {
    try {
      const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
      return (
        Number(parent) === pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('embedded/child.js')
      )
    } catch {
      return false
    }
  })
  return Number(found)
}

/** Processes, mounts, bridges and states of weir's kind clusters. */
function leftovers(): string[] {
  const home = kindHome()
  const processes = readdirSync('/proc').flatMap((name) => {
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return /^\d+$/.test(name) && command.includes(home) ? [command.slice(0, 120)] : []
    } catch {
      return []
    }
  })
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(home))
  const bridges = Object.keys(networkInterfaces()).filter((name) => /^(br-|veth)/.test(name))
  let states: string[] = []
  try {
    states = readdirSync(join(home, 'clusters'))
  } catch {
    // No cluster was ever made.
  }
  return [...processes, ...mounts, ...bridges, ...states]
}

async function nothingLeft(after: string, counts: Counts): Promise<void> {
  for (const endMs = Date.now() + GONE_MS; leftovers().length > 0 && Date.now() < endMs; ) await sleep(500)
  const left = leftovers()
  if (left.length > 0) counts.wrong.push(`left after ${after}: ${left.join(', ')}`)
  else counts.pass++
  await weir(['testbed', 'down'])
}
