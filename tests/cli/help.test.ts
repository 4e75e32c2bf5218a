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
  'search',
  'explore',
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
  'completion',
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

test('help COMMAND and -h at the end are --help; a host stays a host', async () => {
  const { stdout } = await weir(['run', '--help'])
  assert.is((await weir(['help', 'run'])).stdout, stdout)
  assert.is((await weir(['run', '-h'])).stdout, stdout)
  assert.is((await weir(['run', 'blue-green', '-h'])).stdout, stdout)
  assert.is((await weir(['help'])).stdout, (await weir(['--help'])).stdout)
  assert.is((await weir(['bench', 'conn', '-h'])).stdout, (await weir(['bench', 'conn', '--help'])).stdout)
  const wrong = await weir(['help', 'rum'])
  assert.is(wrong.code, 2)
  const host = await weir(['doctor', '-h', 'nowhere.invalid', '--clients', '0'])
  assert.not.match(host.stdout, /--help/)
})

test('a narrow terminal gets shorter lines', async () => {
  const longest = ({ stdout }: { stdout: string }) =>
    Math.max(...stdout.split('\n').map(({ length }) => length))
  assert.ok(longest(await weir(['run', '--help'], { columns: 80 })) <= 80)
})

test('a wide terminal does not change the help', async () => {
  const wide = await weir(['--help'], { columns: 200, colour: true, live: true })
  assert.is(wide.stdout, (await weir(['--help'])).stdout)
})

test('--version is that of the package', async () => {
  const { stdout } = await weir(['--version'])
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/)
})

test.run()
