/**
 * The testbed control-plane: the cases of tests/conformance/kubernetes on the real programs, runs on it with the verdict of each, and what
 * is left behind by runs that were ended from outside.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isRunning } from '#weir/testbed/runtime/owner.ts'
import { projectFile } from '../../support/project-file.ts'
import { hasReal, realOperator } from '../../support/real/programs.ts'
import { runOnce, type WeirRun, weir } from '../weir.ts'
import { type Counts, countRun, none } from './counts.ts'

const ON_IT = ['--testbed', 'control-plane']
/** A warm start of the cluster, as the user waits for it. */
const WARM_SECONDS = 15
const GONE_MS = 10_000

export async function controlPlane(): Promise<Counts> {
  const counts = none()
  const state = mkdtempSync(join(tmpdir(), 'weir-acceptance-state-'))
  process.env.XDG_STATE_HOME = state
  try {
    await conformance(counts)
    await warmStart(counts)
    await leavesNothing(counts)
    await verdicts(counts)
  } finally {
    await weir(['testbed', 'down'])
    rmSync(state, { recursive: true, force: true })
  }
  return counts
}

/** The suite prints how many cases there are and which of them failed. */
async function conformance(counts: Counts): Promise<void> {
  const { status, stdout } = spawnSync(
    process.execPath,
    [fileURLToPath(projectFile('dist/tests/conformance/kubernetes/real.js'))],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 2 ** 26 },
  )
  const figure = (label: string) => Number(new RegExp(`${label}:\\s+(\\d+)`).exec(stdout)?.[1] ?? 0)
  const [total, passed, skipped] = [figure('Total'), figure('Passed'), figure('Skipped')]
  counts.pass += passed
  counts.fail += total - passed - skipped
  if (status !== 0 || passed === 0 || skipped > 0)
    counts.wrong.push(`the cases: ${passed} of ${total} passed, ${skipped} skipped:\n${stdout.slice(-8000)}`)
  console.log(
    `  cases: ${passed} of ${total} passed, ${/^ready after.*$/m.exec(stdout)?.[0] ?? 'never ready'}`,
  )
}

async function warmStart(counts: Counts): Promise<void> {
  const startedMs = performance.now()
  const up = await weir(['testbed', 'up', ...ON_IT])
  const seconds = (performance.now() - startedMs) / 1000
  console.log(`  warm start: ${seconds.toFixed(1)} s`)
  if (up.code !== 0) counts.wrong.push(`testbed up: ${up.stderr}`)
  else if (seconds > WARM_SECONDS) counts.wrong.push(`testbed up took ${seconds.toFixed(1)} s`)
  else counts.pass++
  const leftBefore = planeProcesses()
  const down = await weir(['testbed', 'down'])
  if (down.stdout !== 'stopped\n') counts.wrong.push(`testbed down: ${down.stdout}${down.stderr}`)
  if (leftBefore.length === 0) counts.wrong.push('the search for processes of the cluster is blind')
  await nothingLeft('testbed down', counts)
}

/** Honest runs do not fail, with the emulated operators and with real ones; a fault does not pass. */
async function verdicts(counts: Counts): Promise<void> {
  const real = hasReal()
    ? [
        ['blue-green-v5-quick', ...realOperator('2.2.29').flags],
        // It reaches EMQX by port-forward.
        ['blue-green-quick', ...realOperator('2.1.2').flags],
      ]
    : []
  for (const args of [['blue-green-v5-quick'], ['blue-green-quick'], ...real])
    await made(args, counts, ({ verdict }) => verdict.outcome !== 'fail')
  await made(['blue-green-v5-quick', '--fault', 'rate-ignored'], counts, (run) =>
    run.ids('fail').includes('eviction-envelope'),
  )
}

async function made(args: string[], counts: Counts, isRight: (run: WeirRun) => boolean): Promise<void> {
  const what = args.join(' ')
  await runOnce([...args, ...ON_IT], (run) => countRun(run, what, counts, isRight))
  await nothingLeft(what, counts)
}

/** Runs that are killed: weir alone, its cluster's process alone, one of the programs. */
async function leavesNothing(counts: Counts): Promise<void> {
  for (const [what, part] of [
    ['weir', 'cli/weir.mjs'],
    ['the process of the cluster', 'embedded/child.js'],
    ['kube-apiserver', 'bin/kube-apiserver'],
  ] as const) {
    const dir = mkdtempSync(join(tmpdir(), 'weir-acceptance-'))
    const entry = fileURLToPath(projectFile('cli/weir.mjs'))
    const child = spawn(
      process.execPath,
      [entry, 'run', 'blue-green-v5-quick', ...ON_IT, '--out', join(dir, 'run')],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let said = ''
    let isKilled = false
    // The headline of the verdict has it.
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    child.stderr.on('data', (chunk) => {
      said += chunk
      if (isKilled || !said.includes('  fleet-connected  ')) return
      isKilled = true
      for (const pid of processesOf(namespaceOf(child.pid!), part)) process.kill(pid, 'SIGKILL')
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    if (!isKilled) counts.wrong.push(`${what} was not killed (exit ${code}): ${said.slice(-500)}`)
    if (part !== 'cli/weir.mjs' && !/\[WEIR_TESTBED\]|died|lost/.test(said))
      counts.wrong.push(`${what} was killed, and weir did not say so: ${said.slice(-500)}`)
    // The next command clears away what a killed weir could not.
    await weir(['testbed', 'down'])
    await nothingLeft(`kill -9 of ${what}`, counts)
    rmSync(dir, { recursive: true, force: true })
  }
}

const namespaceOf = (pid: number) => readlinkSync(`/proc/${pid}/ns/net`)

/** Processes in a network namespace whose command line has `part`. */
const processesOf = (namespace: string, part: string): number[] =>
  allProcesses()
    .filter(({ pid, command }) => {
      try {
        return command.includes(part) && namespaceOf(pid) === namespace
      } catch {
        return false
      }
    })
    .map(({ pid }) => pid)

function allProcesses(): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }]
    } catch {
      return []
    }
  })
}

/** Processes of clusters of this kind that are in no namespace of this machine's first process. */
const planeProcesses = () =>
  allProcesses().filter(({ command }) =>
    /^[^\0]*\/control-plane\/v[\d.]+\/bin\/(etcd|kube-[a-z-]+)\0/.test(command),
  )

/** Folders of testbeds whose owner has ended: others are of weirs that run beside this test. */
const abandonedFolders = (): string[] =>
  readdirSync(tmpdir()).filter((name) => {
    const file = join(tmpdir(), name, 'owner.json')
    if (!name.startsWith('weir-testbed-') || !existsSync(file)) return false
    return !isRunning(JSON.parse(readFileSync(file, 'utf8')))
  })

async function nothingLeft(after: string, counts: Counts): Promise<void> {
  for (const endMs = Date.now() + GONE_MS; planeProcesses().length > 0 && Date.now() < endMs; )
    await sleep(100)
  const left = [
    ...planeProcesses().map(({ command }) => command.replaceAll('\0', ' ')),
    ...abandonedFolders(),
    ...spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((line) => line.includes('weir')),
    ...readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .filter((line) => line.includes('weir')),
  ]
  if (left.length > 0) counts.wrong.push(`left after ${after}: ${left.join(', ')}`)
  else counts.pass++
}
