/**
 * Fleets in pods, on the testbed control-plane: Kubernetes' own Job controller starts the pods, which are processes of this weir. Two pods
 * give what one process gives; a pod that is killed, or falls silent, is named; and weir needs no more rights than deploy/ grants, and leaves
 * nothing behind.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { needsFleet } from '#weir/assertions/verdict/lost-pods.ts'
import { weirVersion } from '#weir/errors/index.ts'
import { CLIENT_EVENT_KINDS } from '#weir/facts/index.ts'
import { type RunRecord, readRecord } from '#weir/record/index.ts'
import { loadScenario } from '#weir/scenarios/index.ts'
import { projectFile } from '../../support/project-file.ts'
import { runOnce, type WeirRun, weir } from '../weir.ts'
import { type Counts, none } from './counts.ts'

const SCENARIO = 'blue-green-v5-quick'
const ON_IT = ['--testbed', 'control-plane']
const IN_TWO = ['--fleet', 'job', '--pods', '2']
/** A machine of two processors holds the cluster and these. */
const CLIENTS = Number(process.env.WEIR_FLEET_CLIENTS ?? 4000)
const TRIES = 3
const GONE_MS = 60_000

export async function fleetJob(): Promise<Counts> {
  const counts = none()
  await sameAsOne(counts)
  await losing(counts, KILLED)
  await losing(counts, SILENT)
  await withRights(counts)
  return counts
}

interface Seen {
  findings: { id: string; outcome: string; sentence: string }[]
  figures: Record<string, number>
}

/** Two pods and one process: the same outcomes, and the same numbers of clients, connections and messages with a fate. */
async function sameAsOne(counts: Counts): Promise<void> {
  const one = await seen([], counts)
  const two = await seen(IN_TWO, counts)
  if (!one || !two) return
  for (const [i, { id, outcome, sentence }] of two.findings.entries())
    if (outcome !== one.findings[i]?.outcome)
      counts.wrong.push(
        `${id}: ${one.findings[i]?.outcome} in one process, in two pods ${outcome}: ${sentence}`,
      )
  const [a, b] = [JSON.stringify(one.figures), JSON.stringify(two.figures)]
  if (a !== b) counts.wrong.push(`other counts in two pods: ${b} instead of ${a}`)
  console.log(`  ${CLIENTS} clients in one process and in two pods: ${a}`)
}

/** A run whose harness kept up; made again where it did not, for nothing is compared with an unfit machine. */
async function seen(how: string[], counts: Counts): Promise<Seen | undefined> {
  for (let time = 0; time < TRIES; time++) {
    const found = await runOnce(
      [SCENARIO, ...ON_IT, ...how, '--set', `fleet.clients=${CLIENTS}`],
      async (run) => {
        console.log(
          `  ${how.length > 0 ? 'two pods' : 'one process'}: ${run.verdict.outcome}, ${run.ids('pass').length} held`,
        )
        if (!run.ids('pass').includes('harness-healthy')) return undefined
        counts[run.verdict.outcome]++
        return { findings: run.verdict.findings, figures: figuresOf(await readRecord(run.dir)) }
      },
    )
    if (found) return found
  }
  counts.inconclusive++
  counts.wrong.push(`the harness did not keep up in ${TRIES} runs of ${CLIENTS} clients: nothing is compared`)
  return undefined
}

function figuresOf({ fleet, clients, messages }: RunRecord): Record<string, number> {
  const kinds = Object.fromEntries(
    CLIENT_EVENT_KINDS.map((kind, index) => [kind, clients.kind.filter((one) => one === index).length]),
  )
  const lost = (messages?.publishers ?? [])
    .flatMap(({ receipts }) => receipts)
    .reduce((n, r) => n + r.lost, 0)
  return { clients: fleet.ids.length, publishers: messages?.publishers.length ?? 0, lost, ...kinds }
}

interface Loss {
  what: string
  signal: NodeJS.Signals
  /** In the record's events, when the signal is to be sent. */
  when: string
  /** What the headline says of the pod. */
  words: string
}

/** A pod's process that is killed in the middle of a drain. */
const KILLED: Loss = {
  ...{ what: 'a pod killed in mid-drain', signal: 'SIGKILL' },
  ...{ when: '"state":"evicting_conns"', words: 'ended' },
}

/** One that is stopped just before the fleet is: nothing says that it has ended. */
const SILENT: Loss = {
  ...{ what: 'a pod that falls silent at the end', signal: 'SIGSTOP' },
  ...{ when: '"name":"hold-start"', words: '(fell silent|has not answered for)' },
}

async function losing(counts: Counts, { what, signal, when, words }: Loss): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'weir-acceptance-'))
  const dir = join(parent, 'run')
  let victim: number | undefined
  const args = ['run', SCENARIO, ...ON_IT, ...IN_TWO, '--set', 'fleet.clients=600', '--out', dir]
  let ended = false
  const { code, stdout, stderr } = await weir(args, (pid) => {
    void (async () => {
      while (victim === undefined && !ended) {
        await sleep(200)
        if (eventsOf(dir).includes(when)) victim = podProcess(pid, 1)
      }
      if (victim !== undefined) process.kill(victim, signal)
    })()
  })
  ended = true
  const verdict = JSON.parse(readFileSync(join(dir, 'verdict.json'), 'utf8')) as WeirRun['verdict']
  counts[verdict.outcome]++
  console.log(`  ${what}: ${verdict.outcome}: ${verdict.headline.slice(0, 160)}`)
  const wrong = verdict.findings.filter(({ id, outcome }) =>
    needsFleet(id) ? outcome !== 'inconclusive' : outcome === 'fail',
  )
  if (victim === undefined) counts.wrong.push(`${what}: there was none: ${stderr.slice(-500)}`)
  const headline = new RegExp(`^Fleet pod weir-fleet-\\S+-1-\\S+ ${words} .*300 clients are unknown`)
  if (code !== 3 || !headline.test(verdict.headline))
    counts.wrong.push(`${what} (exit ${code}): ${verdict.headline}\n${stdout.slice(-500)}`)
  for (const { id, outcome, sentence } of wrong) counts.wrong.push(`${what}: ${id} ${outcome}: ${sentence}`)
  rmSync(parent, { recursive: true, force: true })
}

function eventsOf(dir: string): string {
  try {
    return readFileSync(join(dir, 'events.ndjson'), 'utf8')
  } catch {
    return ''
  }
}

/** The process of a fleet's pod with this number that is below `pid`. */
function podProcess(pid: number, index: number): number | undefined {
  const all = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1])
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
      return [{ pid: Number(name), parent, command }]
    } catch {
      return []
    }
  })
  const below = (one: number): typeof all =>
    all.filter(({ parent }) => parent === one).flatMap((child) => [child, ...below(child.pid)])
  return below(pid).find(
    (one) =>
      one.command.includes('\0fleet-pod') &&
      readFileSync(`/proc/${one.pid}/environ`, 'utf8').includes(`JOB_COMPLETION_INDEX=${index}\0`),
  )?.pid
}

/** With the rights of deploy/ alone, on a cluster that somebody else has started; after Ctrl-C nothing of the fleet is left. */
async function withRights(counts: Counts): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'weir-acceptance-state-'))
  process.env.XDG_STATE_HOME = state
  try {
    const up = await weir(['testbed', 'up', ...ON_IT, '--operator', '2.2.29', '--health-check-wait', '2'])
    if (up.code !== 0) return void counts.wrong.push(`testbed up: ${up.stderr}`)
    const enter = /nsenter --target (\d+) --net/.exec(up.stderr)?.[1] ?? ''
    await ofServiceAccount(up.stdout.trim(), enter, state, counts)
  } finally {
    await weir(['testbed', 'down'])
    rmSync(state, { recursive: true, force: true })
  }
}

async function ofServiceAccount(admin: string, pid: string, dir: string, counts: Counts): Promise<void> {
  const within = (command: string, args: string[], input?: string) =>
    spawnSync('nsenter', ['--target', pid, '--net', command, ...args], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
      ...(input !== undefined && { input }),
    })
  const kubectl = (args: string[], input?: string) => {
    const done = within('kubectl', ['--kubeconfig', admin, ...args], input)
    if (done.status !== 0) counts.wrong.push(`kubectl ${args.join(' ')}: ${done.stderr}`)
    return done.stdout
  }
  const { manifest } = loadScenario(SCENARIO).cluster
  kubectl(['apply', '-f', '-'], JSON.stringify(manifest))
  for (const file of ['rbac.yaml', 'fleet-rbac.yaml'])
    kubectl(['apply', '-f', fileURLToPath(projectFile(`deploy/${file}`))])
  const config = parse(readFileSync(admin, 'utf8'))
  config.users[0].user = { token: kubectl(['create', 'token', 'weir']).trim() }
  const kubeconfig = join(dir, 'weir.kubeconfig')
  writeFileSync(kubeconfig, stringify(config), { mode: 0o600 })
  kubectl(['wait', 'emqx/emqx', '--for=condition=Ready', '--timeout=120s'])
  const entry = fileURLToPath(projectFile('cli/weir.mjs'))
  const flags = ['--kubeconfig', kubeconfig, ...IN_TWO, '--fleet-image', `weir:${weirVersion()}`]
  const doctor = within(process.execPath, [entry, 'doctor', SCENARIO, ...flags, '--set', 'fleet.clients=400'])
  if (doctor.status !== 0) counts.wrong.push(`doctor: ${doctor.stdout}${doctor.stderr}`)
  else counts.pass++
  const out = join(dir, 'record')
  const args = ['run', SCENARIO, ...flags, '--yes', '--set', 'fleet.clients=400', '--out', out]
  // timeout(1) sends what Ctrl-C sends: in the middle of the upgrade.
  const run = within('timeout', ['--signal=INT', '40', process.execPath, entry, ...args])
  const record = await readRecord(out).catch(() => undefined)
  const ended = record?.events.some(({ type }) => type === 'fleet-pod')
  if (!ended || record?.manifest.end?.how !== 'interrupted')
    counts.wrong.push(`a run with the rights of deploy/: exit ${run.status}: ${run.stderr.slice(-1500)}`)
  else counts.pass++
  const left = () =>
    kubectl(['get', 'jobs,pods,secrets', '-l', 'app.kubernetes.io/name=weir-fleet', '-o', 'name'])
  for (const endMs = Date.now() + GONE_MS; left() !== '' && Date.now() < endMs; ) await sleep(500)
  if (left() !== '') counts.wrong.push(`left after Ctrl-C: ${left()}`)
  else counts.pass++
  console.log(
    `  with the rights of deploy/, ended by Ctrl-C: ${record?.manifest.end?.how}, left: ${left() || 'nothing'}`,
  )
}
