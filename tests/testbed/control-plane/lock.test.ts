import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { takeLock } from '#weir/testbed/control-plane/build/lock.ts'

let dir: string
test.before.each(() => {
  dir = mkdtempSync(join(tmpdir(), 'weir-lock-'))
})
test.after.each(() => rmSync(dir, { recursive: true, force: true }))

const PROCESSES = 10

/** What it printed. */
async function holder(lock: string): Promise<string> {
  const script = fileURLToPath(import.meta.resolve('#weir/tests/testbed/control-plane/lock-holder.ts'))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, lock], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(child, 'close')
  assert.is(code, 0)
  return said
}

test('never two at a time, although each owner ends without releasing it and all the others see that', async () => {
  const lock = join(dir, 'lock')
  const said = await Promise.all(Array.from({ length: PROCESSES }, () => holder(lock)))
  assert.is(said.join(''), '')
  const release = await takeLock(lock, () => assert.unreachable('nobody holds it'))
  release()
  assert.equal(readdirSync(dir), ['lock'], 'nothing else is left')
})

test('one that waits is told once for whom', async () => {
  const lock = join(dir, 'lock')
  const release = await takeLock(lock, () => assert.unreachable('nobody holds it'))
  const owners: number[] = []
  const second = takeLock(lock, ({ pid }) => owners.push(pid), { pollMs: 1 })
  await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(owners, [process.pid])
  release()
  ;(await second)()
})

test.run()
