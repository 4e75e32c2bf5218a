/** A short exploration passes; one of a cluster that misbehaves ends with a scenario that fails again and again. */
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Explored } from '#weir/cli/explore/tell.ts'
import { EXIT } from '#weir/errors/index.ts'
import { weir, weirRun } from './weir.ts'

/** Begins with an update, and a scale in the middle of it, which is refused. */
const UPDATE = ['--seed', '7', '--steps', '2']
/** Begins with a node that is emptied and taken away. */
const SCALE_IN = ['--seed', '10', '--steps', '2']

interface Found {
  code: number | null
  book: Explored
  dir: string
  text: string
}

/** On a busy machine an exploration decides nothing: then it is made again, twice at most. */
async function explored<T>(words: string[], use: (found: Found) => Promise<T> | T, again = 2): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'weir-explore-'))
  const dir = join(parent, 'out')
  try {
    const { code, stdout, stderr } = await weir(['explore', ...words, '--json', '--out', dir])
    const text = `${stdout}\n${stderr}`
    if (code === EXIT.inconclusive && again > 0) return await explored(words, use, again - 1)
    return await use({ code, book: JSON.parse(stdout) as Explored, dir, text })
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
}

test('a sequence of a cluster that is sound passes, and leaves no record', () =>
  explored(UPDATE, ({ code, book, dir, text }) => {
    assert.is(code, 0, text)
    assert.equal([book.steps, book.episodes, book.outcomes], [4, 1, { pass: 1 }])
    assert.ok((book.longest?.seconds ?? 0) > 0)
    assert.not.ok(existsSync(join(dir, 'episode-001')))
    assert.match(readFileSync(join(dir, 'soak.ndjson'), 'utf8'), /"descriptors":\d+/)
  }))

test('a planted fault is found, and what is left fails three times of three, and with weir run', () =>
  explored([...SCALE_IN, '--fault', 'rate-ignored'], async ({ code, book, dir, text }) => {
    assert.is(code, 1, text)
    const { failure } = book
    assert.ok(failure, text)
    assert.ok(failure.ids.includes('eviction-envelope'), text)
    assert.equal([failure.failed, failure.runs], [3, 3], text)
    assert.is(readFileSync(failure.file, 'utf8'), failure.text)
    const record = join(dir, 'again')
    const again = await weir(['run', failure.file, '--out', record])
    assert.is(again.code, 1, again.stderr)
    assert.ok(weirRun(again, record).ids('fail').includes('eviction-envelope'))
  }))

test.run()
