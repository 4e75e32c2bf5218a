/** The whole way in processes of its own: a run that is interrupted, one that is killed, and what check makes of them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { killLeft, once, weirProcess } from './weir-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-run-'))
test.after(() => {
  killLeft()
  rmSync(folder, { recursive: true, force: true })
})

const SETTINGS = ['fleet.clients=60', 'cluster.manifest.spec.replicas=1'].flatMap((it) => ['--set', it])
const small = (dir: string) => ['run', 'blue-green-quick', ...SETTINGS, '--out', dir]
/** Said when the upgrade has been triggered. */
const UNDER_WAY = '  upgraded  '

/** The three runs side by side: most of a run is waiting. */
const summary = join(folder, 'step-summary.md')
const dirs = {
  interrupted: join(folder, 'interrupted'),
  impatient: join(folder, 'impatient'),
  killed: join(folder, 'killed'),
}
const interrupted = weirProcess(
  small(dirs.interrupted),
  once(UNDER_WAY, (child) => child.kill('SIGTERM')),
  { GITHUB_STEP_SUMMARY: summary },
)
const impatient = weirProcess(small(dirs.impatient), (said, child) => {
  if (said.includes(UNDER_WAY)) child.kill('SIGINT')
})
const killed = weirProcess(
  small(dirs.killed),
  once(UNDER_WAY, (child) => child.kill('SIGKILL')),
)

test('SIGTERM closes the record and judges it: 130, with every report', async () => {
  const { code, stdout, stderr } = await interrupted
  const dir = dirs.interrupted
  assert.is(code, 130, stderr)
  assert.match(stderr, /SIGTERM: closing and judging the record/)
  assert.is(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')).end.how, 'interrupted')
  for (const file of ['verdict.json', 'report.html', 'junit.xml', 'summary.md']) {
    assert.ok(existsSync(join(dir, file)), file)
    assert.ok(stdout.includes(join(dir, file)), `${file} is named`)
  }
  assert.is(readFileSync(summary, 'utf8').trim(), readFileSync(join(dir, 'summary.md'), 'utf8').trim())
  const again = await weirProcess(['check', dir])
  assert.is(again.code, 130)
  assert.match(again.stdout, /same verdict as stored, byte for byte/)
})

test('a second signal ends at once, and what was written stays readable', async () => {
  const { code, stderr } = await impatient
  assert.is(code, 130, stderr)
  assert.match(stderr, /SIGINT: closing and judging the record/)
  const again = await weirProcess(['check', dirs.impatient])
  assert.ok([3, 130].includes(again.code!), again.stdout + again.stderr)
})

test('kill -9 leaves a record that check judges, without a stack trace', async () => {
  assert.is((await killed).signal, 'SIGKILL')
  const again = await weirProcess(['check', dirs.killed])
  assert.is(again.code, 3, again.stdout + again.stderr)
  assert.match(again.stdout, /The run was killed/)
  assert.is(again.stderr, '')
})

test.run()
