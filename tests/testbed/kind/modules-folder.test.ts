import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { removeModules } from '#weir/testbed/kind/cluster/modules-folder.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-modules-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

test('an empty folder goes, one with something in it stays, and one that is gone is no error', () => {
  const folder = join(dir, 'modules')
  mkdirSync(folder)
  writeFileSync(join(folder, 'file'), '')
  removeModules(folder)
  assert.ok(existsSync(folder))
  rmSync(join(folder, 'file'))
  removeModules(folder)
  assert.is(existsSync(folder), false)
  removeModules(folder)
})

test.run()
