/** Commands that make parts of a kind cluster, and what weir says of one that fails. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { messageOf } from '#weir/errors/index.ts'
import { run } from '#weir/testbed/kind/command.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-kind-command-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))
const what = 'it does not work'

const failureOf = (script: string, log: string): Promise<string> =>
  run('sh', ['-c', script], { log, what }).then(() => 'it did not fail', messageOf)

test('a command that fails is not given the error of a command before it', async () => {
  const log = join(dir, 'build.log')
  const first = await failureOf('echo "ERROR: grün: no room" >&2; exit 1', log)
  assert.is(first, `it does not work: sh: ERROR: grün: no room; all of it is in ${log}`)
  const second = await failureOf('echo "the image is refused" >&2; exit 1', log)
  assert.is(second, `it does not work: sh: the image is refused; all of it is in ${log}`)
  const third = await failureOf('exit 7', log)
  assert.is(third, `it does not work: sh: it ended with 7; all of it is in ${log}`)
  assert.match(readFileSync(log, 'utf8'), /no room\nthe image is refused\n$/)
})

test('of several lines the last one that names an error is shown', async () => {
  const log = join(dir, 'several.log')
  writeFileSync(log, 'ERROR: of another day\n')
  const failure = await failureOf('echo "E: no such package"; echo "see above"; exit 100', log)
  assert.match(failure, /sh: E: no such package;/)
})

test.run()
