import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weir } from './weir.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-state-'))
process.env.XDG_STATE_HOME = folder
test.after(async () => {
  await weir(['testbed', 'down'])
  rmSync(folder, { recursive: true, force: true })
})

test('up prints the kubeconfig alone, status finds it, a second up is refused, down ends it', async () => {
  assert.is((await weir(['testbed', 'status'])).stdout, 'no testbed is running\n')
  const up = await weir(['testbed', 'up', '--operator', '2.2.29', '--poll', '1'])
  assert.is(up.code, 0, up.stderr)
  const kubeconfig = up.stdout.trim()
  assert.ok(existsSync(kubeconfig), `stdout is a path and nothing else: ${up.stdout}`)
  assert.is((await weir(['testbed', 'status'])).stdout, `running: ${kubeconfig}\n`)
  const again = await weir(['testbed', 'up'])
  assert.is(again.code, 4)
  assert.match(again.stderr, /^weir: .*weir testbed down.* \[WEIR_TESTBED\]\n$/)
  assert.is((await weir(['testbed', 'down'])).stdout, 'stopped\n')
  assert.is((await weir(['testbed', 'down'])).stdout, 'no testbed was running\n')
  assert.is((await weir(['testbed', 'status'])).stdout, 'no testbed is running\n')
})

test('an operator line that is not emulated, a fault that is none', async () => {
  const line = await weir(['testbed', 'up', '--operator', '2.1.0'])
  assert.is(line.code, 2)
  assert.match(line.stderr, /"2\.1\.2"/)
  for (const poll of ['often', '0', '-1'])
    assert.match((await weir(['testbed', 'up', '--poll', poll])).stderr, /--poll takes a number/)
  const fault = await weir(['testbed', 'up', '--fault', 'rate-12'])
  assert.match(fault.stderr, /did you mean "rate-13".*\[WEIR_FAULT_UNKNOWN\]/)
})

test('a fault of the emulated controllers is refused where Kubernetes has its own', async () => {
  const words = ['--testbed', 'control-plane', '--fault', 'endpoints-empty']
  for (const command of [
    ['testbed', 'up'],
    ['run', 'blue-green-v5-quick'],
  ]) {
    const { code, stderr } = await weir([...command, ...words])
    assert.is(code, 2)
    assert.match(
      stderr,
      /^weir: the fault endpoints-empty .*: use --testbed embedded \[WEIR_FAULT_REFUSED\]\n$/,
    )
  }
})

test('the testbed kind on a machine without docker is one line, and leaves no state', async () => {
  const bin = mkdtempSync(join(tmpdir(), 'weir-no-docker-'))
  const before = process.env.PATH
  process.env.PATH = bin
  try {
    for (const command of [
      ['testbed', 'up', '--testbed', 'kind'],
      ['run', 'blue-green-v5-quick', '--testbed', 'kind'],
    ]) {
      const { code, stdout, stderr } = await weir(command)
      assert.is(code, 4, stderr)
      assert.is(stdout, '')
      assert.match(
        stderr,
        /^weir: the testbed kind cannot run here: .*(the command docker is missing: install docker\.io|it needs Linux).* \[WEIR_KIND\]\n$/,
      )
    }
  } finally {
    process.env.PATH = before
    rmSync(bin, { recursive: true })
  }
  assert.is((await weir(['testbed', 'status'])).stdout, 'no testbed is running\n')
})

test('flags of clusters that last are refused where they have no meaning', async () => {
  const adopt = await weir(['run', 'blue-green-v5-quick', '--adopt', 'mine'])
  assert.is(adopt.code, 2)
  assert.match(adopt.stderr, /--adopt names a kind cluster: add --testbed kind \[WEIR_USAGE\]/)
  const keep = await weir(['run', 'blue-green-v5-quick', '--testbed', 'control-plane', '--keep'])
  assert.is(keep.code, 2)
  assert.match(keep.stderr, /--keep out \[WEIR_USAGE\]/)
  for (const fault of ['endpoints-empty', 'blackout']) {
    const { code, stderr } = await weir(['run', 'blue-green-v5-quick', '--testbed', 'kind', '--fault', fault])
    assert.is(code, 2)
    assert.match(stderr, /^weir: the fault .* the testbed kind has Kubernetes' own: use --testbed embedded/)
  }
})

test.run()
