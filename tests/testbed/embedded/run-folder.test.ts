import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { claimRunFolder, removeAbandoned } from '#weir/testbed/embedded/run-folder.ts'
import { isRunning, ownerOf } from '#weir/testbed/runtime/owner.ts'

let parent: string
test.before.each(() => {
  parent = mkdtempSync(join(tmpdir(), 'weir-folders-'))
})
test.after.each(() => rmSync(parent, { recursive: true, force: true }))

test('a process is known by its number and its start', async () => {
  const own = ownerOf(process.pid)
  assert.ok(isRunning(own))
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  const owner = ownerOf(child.pid!)
  assert.ok(isRunning(owner))
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.not(isRunning(owner))
  if (own.started !== undefined) assert.not(isRunning({ pid: process.pid, started: '1' }))
})

test('the folder of a process that was killed goes with the next claim, others stay', () => {
  const kept = claimRunFolder(parent)
  const abandoned = join(parent, 'weir-testbed-abandoned')
  const foreign = join(parent, 'weir-testbed-foreign')
  for (const folder of [abandoned, foreign]) mkdirSync(folder)
  writeFileSync(join(abandoned, 'owner.json'), JSON.stringify({ pid: 2 ** 30, started: '1' }))
  const next = claimRunFolder(parent)
  assert.equal([kept, foreign, next, abandoned].map(existsSync), [true, true, true, false])
  removeAbandoned(parent)
  assert.ok(existsSync(next))
})

test.run()
