import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { describeFailure, oneLine } from '#weir/cli/failure.ts'
import { CATALOGUE, type ErrorCode, WeirError } from '#weir/errors/index.ts'

test('an error of the catalogue is one line with its code, and ends with its exit code', () => {
  for (const code of Object.keys(CATALOGUE) as ErrorCode[]) {
    const { lines, exitCode } = describeFailure(new WeirError(code, 'what is\nwrong'), false)
    assert.equal(lines, [`weir: what is wrong [${code}]`])
    assert.is(exitCode, CATALOGUE[code].exit)
  }
})

test('a defect says where its details are, and keeps them', async () => {
  const { lines, exitCode } = describeFailure(
    new TypeError('x is not a function', { cause: new Error('deep') }),
    false,
  )
  assert.is(lines.length, 1)
  assert.is(exitCode, 4)
  const [, file] = /the details are in (\S+) \[WEIR_INTERNAL\]$/.exec(lines[0]!) ?? []
  const details = readFileSync(file!, 'utf8')
  assert.match(details, /x is not a function/)
  assert.match(details, /deep/)
  assert.match(details, /failure\.test\.ts/)
  await rm(dirname(file!), { recursive: true })
})

test('with --debug the chain of causes follows', () => {
  const error = new WeirError('WEIR_DISK', 'no', { cause: new Error('one', { cause: new Error('two') }) })
  const { lines } = describeFailure(error, true)
  assert.is(lines.length, 3)
  assert.match(lines[1]!, /caused by: Error: one/)
  assert.match(lines[2]!, /caused by: Error: two/)
})

test('foreign text in a message cannot break the line or drive the terminal', () => {
  assert.is(oneLine('a\r\nb \u001b[2J c\u0007'), 'a b ?[2J c?')
})

test('what escapes every await is one line as well', () => {
  const guard = import.meta.resolve('#weir/cli/guard.ts')
  const script = `
    const { guardProcess } = await import(${JSON.stringify(guard)})
    guardProcess()
    setTimeout(() => { throw new Error('boom') }, 1)
    setTimeout(() => {}, 60_000)`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  assert.is(status, 4)
  assert.match(stderr, /^weir: a defect of weir itself: boom; the details are in \S+ \[WEIR_INTERNAL\]\n$/)
  rmSync(dirname(/details are in (\S+)/.exec(stderr)![1]!), { recursive: true })
})

test.run()
