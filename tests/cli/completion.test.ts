import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commands } from '#weir/cli/commands/index.ts'
import { candidates } from '#weir/cli/completion/candidates.ts'
import { SHELLS } from '#weir/cli/completion/scripts.ts'
import { listScenarios } from '#weir/scenarios/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { testWith } from '../support/programs.ts'
import { projectFile } from '../support/project-file.ts'
import { weir } from './weir.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-completion-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const bin = join(folder, 'bin')
mkdirSync(bin)
writeFileSync(
  join(bin, 'weir'),
  `#!/bin/sh\nexec ${process.execPath} ${fileURLToPath(projectFile('cli/weir.mjs'))} "$@"\n`,
)
chmodSync(join(bin, 'weir'), 0o755)
for (const name of ['2026-01-01T000000Z-a', '2026-01-02T000000Z-b']) {
  mkdirSync(join(folder, 'runs', name), { recursive: true })
  writeFileSync(join(folder, 'runs', name, 'run.json'), '{}')
}
mkdirSync(join(folder, 'runs', 'no-record'))

const RECORDS = ['runs/2026-01-02T000000Z-b', 'runs/2026-01-01T000000Z-a']
const names = (list: readonly { name: string }[]) => list.map(({ name }) => name)

const CASES: [words: string[], found: string[]][] = [
  [['sc'], ['scenarios']],
  [['fleet'], []],
  [['complete'], []],
  [['--v'], ['--version']],
  [
    ['scenarios', ''],
    ['list', 'show', 'validate'],
  ],
  [['help', 'ser'], ['serve']],
  [['run', 'blue-green-q'], ['blue-green-quick']],
  [['run', '--seed', '5', 'blue-green-q'], ['blue-green-quick']],
  [['run', 'blue-green', 'b'], []],
  [['scenarios', 'show', ''], names(listScenarios())],
  [['run', 'blue-green', '--fault', ''], names(FAULTS)],
  [['run', 'blue-green', '--testbed', 'k'], ['kind']],
  [['run', 'blue-green', '--no'], ['--no-scrape']],
  [
    ['run', '--seed', '5', '--se'],
    ['--servername', '--service', '--set'],
  ],
  [
    ['run', '--set', 'a=1', '--se'],
    ['--set', '--seed', '--servername', '--service'],
  ],
  [['run', '--out', ''], []],
  [['bench', 'conn', '--hos'], ['--hostname']],
  [['check', '-q', '--qu'], []],
  [
    ['check', '--'],
    ['--json', '--quiet', '--out', '--keep', '--help', '--debug', '--lang'],
  ],
  [
    ['check', '--lang', ''],
    ['en', 'zh'],
  ],
  [
    ['run', 'blue-green-quick', '--protocol', 'm'],
    ['mqtt', 'mqtts'],
  ],
  [
    ['bench', 'conn', '-l', 'ws'],
    ['ws', 'wss'],
  ],
  [['unknown', ''], []],
]

for (const [words, found] of CASES)
  test(`weir ${words.join(' ')}▏`, async () => {
    const some = await candidates(words, commands)
    assert.equal([...some].sort(), [...found].sort())
  })

/** What a shell prints that runs this in a folder with runs/. */
function printed(shell: string, args: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync(shell, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { HOME: folder, PATH: `${bin}${delimiter}${process.env.PATH}` },
  })
  assert.is(status, 0, stderr)
  assert.is(stderr, '')
  return stdout.split('\n').filter(Boolean)
}

/** Words up to the cursor, and what a shell must offer. */
const IN_SHELLS: [words: string[], found: string[]][] = [
  [
    ['weir', 'scenarios', ''],
    ['list', 'show', 'validate'],
  ],
  [['weir', 'run', 'blue-green-q'], ['blue-green-quick']],
  [['weir', 'check', ''], RECORDS],
  [['weir', 'run', 'blue-green', '--testb'], ['--testbed']],
]

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ')

test('bash completes', () => {
  for (const [words, found] of IN_SHELLS) {
    const script = `eval "$(weir completion bash)"
COMP_WORDS=(${quoted(words)}); COMP_CWORD=${words.length - 1}
_weir; printf '%s\\n' "\${COMPREPLY[@]}"`
    assert.equal(printed('bash', ['--norc', '-c', script]), found)
  }
  assert.match(
    printed('bash', ['-c', 'eval "$(weir completion bash)"; complete -p weir'])[0]!,
    /-F _weir weir/,
  )
})

testWith('zsh')('zsh completes', () => {
  for (const [words, found] of IN_SHELLS) {
    const script = `compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { :; }
eval "$(weir completion zsh)"
words=(${quoted(words)}); CURRENT=${words.length}
_weir`
    assert.equal(printed('zsh', ['-f', '-c', script]), found)
  }
  printed('zsh', ['-f', '-c', 'autoload -U compinit; compinit -D -u; eval "$(weir completion zsh)"'])
})

testWith('fish')('fish completes', () => {
  for (const [words, found] of IN_SHELLS) {
    const script = `weir completion fish | source; complete --do-complete "${words.join(' ')}"`
    const offered = printed('fish', ['--no-config', '-c', script])
    assert.equal(offered.filter((word) => found.includes(word)).sort(), [...found].sort(), offered.join(', '))
  }
})

test('there is a script for each shell, and for no other', async () => {
  for (const shell of SHELLS) assert.match((await weir(['completion', shell])).stdout, /complete-words/)
  const { code, stderr } = await weir(['completion', 'tcsh'])
  assert.is(code, 2)
  assert.match(stderr, /use one of "bash", "zsh", "fish"/)
})

test.run()
