/** action.yml: its steps run as a runner of GitHub Actions would, with its variables set. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { projectFile } from '../support/project-file.ts'

const root = fileURLToPath(projectFile(''))
const folder = mkdtempSync(join(tmpdir(), 'weir-action-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

interface Step {
  id?: string
  uses?: string
  run?: string
  env?: Record<string, string>
}

const action = parse(readFileSync(projectFile('action.yml'), 'utf8')) as {
  inputs: Record<string, { default?: string; required?: boolean }>
  outputs: Record<string, { value: string }>
  runs: { using: string; steps: Step[] }
}

/** Replaces `${{ … }}` as a runner does; an expression that it would not know fails. */
const filled = (text: string, inputs: Record<string, string>) =>
  text.replaceAll(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => {
    if (name === 'github.action_path') return root
    const [, input = ''] = /^inputs\.(\w+)$/.exec(name) ?? []
    assert.ok(input in action.inputs, `action.yml has no input for ${name}`)
    return inputs[input] ?? action.inputs[input]!.default ?? ''
  })

interface Ran {
  code: number | null
  said: string
  outputs: Record<string, string>
  summary: string
  dir: string
}

/** Runs the steps that are commands, but the installation. */
async function act(inputs: Record<string, string>): Promise<Ran> {
  const dir = mkdtempSync(join(folder, 'job-'))
  const files = { GITHUB_OUTPUT: join(dir, 'output'), GITHUB_STEP_SUMMARY: join(dir, 'summary.md') }
  const [step] = action.runs.steps.filter(({ id }) => id === 'run')
  const env = Object.entries(step!.env!).map(([name, value]) => [name, filled(value, inputs)])
  const child = spawn('bash', ['-e', '-c', filled(step!.run!, inputs)], {
    cwd: dir,
    env: {
      ...process.env,
      PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
      GITHUB_ACTIONS: 'true',
      ...files,
      ...Object.fromEntries(env),
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const code = await new Promise<number | null>((done) => child.on('close', done))
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  const lines = read(files.GITHUB_OUTPUT).split('\n').filter(Boolean)
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))
  return { code, said, outputs, summary: read(files.GITHUB_STEP_SUMMARY), dir }
}

const SMALL = 'fleet.clients=60\ncluster.manifest.spec.replicas=1'
/** Side by side: most of a run is waiting. */
const honest = act({ scenario: 'blue-green-quick', set: SMALL, label: 'a=1\nb=2', inconclusive: 'warn' })
const broken = act({ scenario: 'blue-green-quick', set: `${SMALL}\ntestbed.operator=2.2.29` })

test('each output is one of the step, and each step is a command or an action of a fixed version', () => {
  for (const [name, { value }] of Object.entries(action.outputs))
    assert.is(value, `\${{ steps.run.outputs.${name} }}`)
  for (const { uses, run } of action.runs.steps) assert.ok(run !== undefined || /@v\d+$/.test(uses ?? ''))
})

test('a run: outputs, annotations, summary and record', async () => {
  const run = await honest
  assert.is(run.code, 0, run.said)
  assert.ok(['pass', 'inconclusive'].includes(run.outputs.outcome!), run.said)
  assert.is(run.outputs.record, 'weir-run/run')
  const verdict = JSON.parse(readFileSync(join(run.dir, run.outputs.record!, 'verdict.json'), 'utf8'))
  assert.is(run.outputs.headline, verdict.headline)
  assert.match(run.said, /^::(notice|warning) title=weir blue-green-quick \(a=1%2C b=2\)%3A /m)
  assert.match(
    run.summary,
    /^Record and reports: artifact `weir-run`\.\n\n## .*blue-green-quick \(a=1, b=2\)/,
  )
})

test('a failure keeps its code', async () => {
  const failing = await broken
  assert.is(failing.code, 1, failing.said)
  assert.is(failing.outputs.outcome, 'fail')
  assert.match(failing.said, /^::error title=weir blue-green-quick%3A fail::/m)
})

test('wrong inputs end with 2 and say what is wrong', async () => {
  const unknown = await act({ scenario: 'nothing-like-it' })
  assert.is(unknown.code, 2, unknown.said)
  assert.is(unknown.outputs.outcome, 'invalid')
  const policy = await act({ scenario: 'blue-green-quick', inconclusive: 'maybe' })
  assert.is(policy.code, 2)
  assert.match(policy.said, /::error title=weir::inconclusive is "maybe"/)
})

test.run()
