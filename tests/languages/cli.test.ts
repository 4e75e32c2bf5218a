/** `--lang`, and the environment's language. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Registration } from '#weir/cli/command.ts'
import { commands } from '#weir/cli/commands/index.ts'
import { spokenIn } from '#weir/cli/language.ts'
import { SUMMARIES } from '#weir/cli/summaries-zh.ts'
import { chooseLanguage, languageOf } from '#weir/facts/index.ts'
import { writeRecord } from '#weir/import/index.ts'
import { weir } from '../cli/weir.ts'
import { settingsOf, simulate } from '../simulator/index.ts'
import { HAN } from './leaves.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-language-'))
test.after(() => {
  chooseLanguage('en')
  rmSync(folder, { recursive: true, force: true })
})

const dir = join(folder, 'run')
const stored = () => readFileSync(join(dir, 'verdict.json'), 'utf8')

test.before(async () => {
  await writeRecord(simulate(settingsOf(5, ['all-at-once'])), dir)
})

test('--lang zh writes verdict and table in Chinese, with the exit code and the ids of English', async () => {
  const english = await weir(['check', dir])
  const verdict = JSON.parse(stored())
  const chinese = await weir(['check', dir, '--lang', 'zh'])
  assert.is(english.code, 1)
  assert.is(chinese.code, 1)
  assert.match(english.stdout, /^FAIL /)
  assert.match(chinese.stdout, /^失败 /)
  assert.match(chinese.stdout, /测得：/)
  for (const { id } of verdict.findings) assert.ok(chinese.stdout.includes(id), id)
})

test('a verdict that is stored in one language and checked in another is the same, and stays as it is', async () => {
  await weir(['check', dir])
  const english = stored()
  const { stdout } = await weir(['check', '--lang=zh', dir])
  assert.match(stdout, /与保存的结论相同，保存的结论使用另一种语言/)
  assert.is(stored(), english)
  await weir(['check', dir, '--lang', 'zh', '--out', join(dir, 'verdict.json')])
  assert.match(JSON.parse(stored()).headline, HAN)
  assert.match((await weir(['check', dir])).stdout, /same verdict as stored, which is in another language/)
  assert.match((await weir(['check', dir, '--lang', 'zh'])).stdout, /与保存的结论逐字节相同/)
})

test('a verdict that is another one is that in every language', async () => {
  await weir(['check', dir])
  const english = stored()
  writeFileSync(join(dir, 'verdict.json'), english.replace('"fail"', '"pass"'))
  assert.match((await weir(['check', dir, '--lang', 'zh', '--keep'])).stdout, /与保存的结论不同/)
})

test('reports are in Chinese; the keys of JSON stay', async () => {
  const report = async (format: string) => (await weir(['report', dir, format, '--lang', 'zh'])).stdout
  assert.match(await report('--markdown'), /^## ❌ 失败：weir/)
  assert.match(await report('--junit'), /<testcase name="no-storm: 连接尝试不超过允许的速率/)
  const json = JSON.parse(await report('--json'))
  assert.match(json.verdict.headline, HAN)
  assert.ok('eviction rate' in json.facts)
})

test("the environment's language is taken where it says zh, and nowhere else", async () => {
  for (const locale of ['zh', 'zh_CN.UTF-8', 'zh-CN', 'zh_TW', 'ZH'])
    assert.is(languageOf({ LANG: locale }), 'zh', locale)
  for (const locale of ['', 'C', 'C.UTF-8', 'en_US.UTF-8', 'zhx', 'de_DE'])
    assert.is(languageOf({ LANG: locale }), 'en', locale)
  assert.is(languageOf({}), 'en')
  assert.is(languageOf({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }), 'en')
  assert.is(languageOf({ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN' }), 'zh')
  assert.match((await weir(['--help'], { env: { LANG: 'zh_CN.UTF-8' } })).stdout, /^命令：$/m)
  assert.match((await weir(['--help'], { env: { LANG: 'zh_CN.UTF-8' } })).stdout, /^让一批/)
  assert.match(
    (await weir(['--help', '--lang', 'en'], { env: { LANG: 'zh_CN.UTF-8' } })).stdout,
    /^Commands:$/m,
  )
})

test('--lang stands anywhere before "--", and must name a language', async () => {
  assert.equal(spokenIn(['--lang', 'zh', 'run', 'x'], {}), { words: ['run', 'x'], language: 'zh' })
  assert.equal(spokenIn(['run', '--lang=zh', '--', '--lang', 'en'], {}), {
    words: ['run', '--', '--lang', 'en'],
    language: 'zh',
  })
  assert.is(spokenIn(['--lang', 'zh', '--lang', 'en'], {}).language, 'en')
  for (const wrong of [['--lang', 'fr'], ['--lang='], ['--lang']]) {
    const { code, stderr } = await weir(['check', dir, ...wrong])
    assert.is(code, 2)
    assert.match(stderr, /^weir: --lang cannot be "(fr)?": use one of en, zh \[WEIR_USAGE\]\n$/)
  }
})

test('every command has its line in Chinese, and no line is of a command that is gone', () => {
  const linesOf = (some: readonly Registration[]): string[] =>
    some.flatMap(({ summary, members, isHidden }) => (isHidden ? [] : [summary, ...linesOf(members)]))
  const lines = linesOf(commands)
  assert.ok(lines.length > 30, `only ${lines.length} commands were found: the test is blind`)
  assert.equal([...new Set(lines)].sort(), Object.keys(SUMMARIES).sort())
  for (const line of Object.values(SUMMARIES)) assert.match(line, HAN)
})

test.run()
