import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { projectFile } from '../support/project-file.ts'

const { sourcesOf, staleReason, STAMP } = (await import(projectFile('cli/stale.mjs').href)) as {
  staleReason(root: string): string | undefined
  sourcesOf(root: string): { sum: number }
  STAMP: string
}

const root = mkdtempSync(join(tmpdir(), 'weir-stale-'))
test.after(() => rmSync(root, { recursive: true, force: true }))
const BUILT_MS = Date.now() - 60_000

function write(path: string, changedMs: number): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), '')
  utimesSync(join(root, path), changedMs / 1000, changedMs / 1000)
}

test.before.each(() => {
  rmSync(root, { recursive: true, force: true })
  for (const path of ['tsconfig.json', 'package.json', 'cli/main.ts']) write(path, BUILT_MS - 1000)
  mkdirSync(join(root, 'dist'))
  writeFileSync(join(root, 'dist', STAMP), `${BUILT_MS} ${sourcesOf(root).sum}\n`)
})

test('a build that is newer than every source is fit', () => {
  assert.is(staleReason(root), undefined)
})

test('a missing build, and one that was not finished', () => {
  rmSync(join(root, 'dist', STAMP))
  assert.is(staleReason(root), 'dist/ is missing or incomplete')
  rmSync(join(root, 'dist'), { recursive: true })
  assert.is(staleReason(root), 'dist/ is missing or incomplete')
})

test('a source that was changed since is named', () => {
  write('bench/codec/ack.ts', BUILT_MS + 1000)
  assert.is(staleReason(root), 'dist/ is older than bench/codec/ack.ts')
})

test('a source that was moved or deleted is noticed, though nothing is newer', () => {
  renameSync(join(root, 'cli/main.ts'), join(root, 'cli/other.ts'))
  assert.match(staleReason(root) ?? '', /of other sources/)
  rmSync(join(root, 'cli/other.ts'))
  assert.match(staleReason(root) ?? '', /of other sources/)
})

test('what no build reads does not count', () => {
  for (const path of [
    'README.md',
    'node_modules/a/a.ts',
    'runs/x/a.ts',
    'tests/fixtures/a.ts',
    'dist/a.ts',
    'docs/a.md',
  ])
    write(path, BUILT_MS + 1000)
  assert.is(staleReason(root), undefined)
})

test('an installed package has no sources, and is not examined', () => {
  rmSync(join(root, 'tsconfig.json'))
  rmSync(join(root, 'dist', STAMP))
  assert.is(staleReason(root), undefined)
})

test.run()
