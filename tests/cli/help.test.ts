import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { matchesGolden } from '../reports/golden.ts'
import { projectFile } from '../support/project-file.ts'
import { weir } from './weir.ts'

const COMMANDS = [
  '',
  'run',
  'observe',
  'plan',
  'doctor',
  'check',
  'report',
  'serve',
  'compare',
  'baseline',
  'baseline save',
  'scenarios',
  'scenarios list',
  'scenarios show',
  'scenarios validate',
  'faults',
  'faults list',
  'assertions',
  'assertions list',
  'testbed',
  'testbed up',
  'testbed down',
  'testbed status',
  'prometheus-config',
  'import',
  'bench',
  'bench conn',
  'bench sub',
  'bench pub',
]

for (const command of COMMANDS) {
  const words = command.split(' ').filter(Boolean)
  test(`weir ${command} --help`, async () => {
    const { code, stdout, stderr } = await weir([...words, '--help'])
    assert.is(code, 0)
    assert.is(stderr, '')
    for (const line of stdout.split('\n')) assert.ok(line.length <= 100, line)
    matchesGolden(stdout, projectFile(`tests/cli/golden/${['weir', ...words].join('-')}.txt`))
  })
}

test('the help does not depend on the terminal', async () => {
  const wide = await weir(['--help'], { columns: 200, colour: true, live: true })
  assert.is(wide.stdout, (await weir(['--help'])).stdout)
})

test('--version is that of the package', async () => {
  const { stdout } = await weir(['--version'])
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

test.run()
