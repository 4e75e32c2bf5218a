/** The whole way in processes of its own: a run that is interrupted, one that is killed, and what check makes of them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const entry = fileURLToPath(new URL('../../cli/weir.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'weir-run-'))
const children: ChildProcess[] = []
test.after(() => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** Starts weir; `onStderr` sees everything said so far and may act on the process. */
function weir(
  args: string[],
  onStderr: (said: string, child: ChildProcess) => void = () => {},
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, NO_COLOR: '1', GITHUB_STEP_SUMMARY: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr!.on('data', (chunk) => {
    stderr += chunk
    onStderr(stderr, child)
  })
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, stdout, stderr })))
}

const SETTINGS = ['fleet.clients=60', 'cluster.manifest.spec.replicas=1'].flatMap((it) => ['--set', it])
const small = (dir: string) => ['run', 'blue-green-quick', ...SETTINGS, '--out', dir]
/** The upgrade has been triggered. */
const isUnderWay = (said: string) => said.includes('  upgraded  ')
const onceUnderWay = (act: (child: ChildProcess) => void) => {
  let done = false
  return (said: string, child: ChildProcess) => {
    if (done || !isUnderWay(said)) return
    done = true
    act(child)
  }
}

/** The three runs side by side: most of a run is waiting. */
const summary = join(folder, 'step-summary.md')
const dirs = {
  interrupted: join(folder, 'interrupted'),
  impatient: join(folder, 'impatient'),
  killed: join(folder, 'killed'),
}
const interrupted = weir(
  small(dirs.interrupted),
  onceUnderWay((child) => child.kill('SIGTERM')),
  { GITHUB_STEP_SUMMARY: summary },
)
const impatient = weir(small(dirs.impatient), (said, child) => {
  if (isUnderWay(said)) child.kill('SIGINT')
})
const killed = weir(
  small(dirs.killed),
  onceUnderWay((child) => child.kill('SIGKILL')),
)

test('SIGTERM closes the record and judges it: 130, with every report', async () => {
  const { code, stdout, stderr } = await interrupted
  const dir = dirs.interrupted
  assert.is(code, 130, stderr)
  assert.match(stderr, /SIGTERM: closing the record/)
  assert.is(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')).end.how, 'interrupted')
  for (const file of ['verdict.json', 'report.html', 'junit.xml', 'summary.md']) {
    assert.ok(existsSync(join(dir, file)), file)
    assert.ok(stdout.includes(join(dir, file)), `${file} is named`)
  }
  assert.is(readFileSync(summary, 'utf8').trim(), readFileSync(join(dir, 'summary.md'), 'utf8').trim())
  const again = await weir(['check', dir])
  assert.is(again.code, 130)
  assert.match(again.stdout, /the same verdict as stored, byte for byte/)
})

test('a second signal ends at once, and what was written stays readable', async () => {
  const { code, stderr } = await impatient
  assert.is(code, 130, stderr)
  assert.match(stderr, /SIGINT: closing the record/)
  const again = await weir(['check', dirs.impatient])
  assert.ok([3, 130].includes(again.code!), again.stdout + again.stderr)
})

test('kill -9 leaves a record that check judges, without a stack trace', async () => {
  assert.is((await killed).signal, 'SIGKILL')
  const again = await weir(['check', dirs.killed])
  assert.is(again.code, 3, again.stdout + again.stderr)
  assert.match(again.stdout, /The run was killed/)
  assert.is(again.stderr, '')
})

test.run()
