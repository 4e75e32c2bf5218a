/** What images of weir say of themselves, and that deploy/Dockerfile says the same. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { WeirError, weirVersion } from '#weir/errors/index.ts'
import { buildFlags, describeWeir, tagsOf } from '#weir/testbed/images/weir-labels.ts'
import { projectFile } from '../../support/project-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-labels-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

const KEY = 'org.opencontainers.image.'
const COMMITTED = '2024-05-06T07:08:09Z'

/** A folder with weir's package.json, committed or not. */
function folder(name: string, isCommitted: boolean): string {
  const root = join(dir, name)
  mkdirSync(root)
  copyFileSync(projectFile('package.json'), join(root, 'package.json'))
  if (isCommitted) {
    const env = { ...process.env, GIT_AUTHOR_DATE: COMMITTED, GIT_COMMITTER_DATE: COMMITTED }
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { env, stdio: 'pipe' })
    git('init')
    git('add', '.')
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--message', 'all')
  }
  return root
}

test('of a commit: its revision and its time; of changed files that they are', () => {
  const root = folder('committed', true)
  const head = execFileSync('git', ['-C', root, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
  const { labels, created } = describeWeir(root, {})
  assert.is(created, COMMITTED)
  assert.is(labels[`${KEY}created`], COMMITTED)
  assert.is(labels[`${KEY}revision`], head)
  assert.is(labels[`${KEY}version`], weirVersion())
  const flags = ['--build-arg', `REVISION=${head}`, '--build-arg', `CREATED=${COMMITTED}`]
  assert.equal(buildFlags(root, {}).slice(-4), flags)
  writeFileSync(join(root, 'package.json'), `${readFileSync(join(root, 'package.json'), 'utf8')}\n`)
  assert.is(describeWeir(root, {}).labels[`${KEY}revision`], `${head}-dirty`)
  const inner = join(root, 'node_modules')
  mkdirSync(inner)
  copyFileSync(projectFile('package.json'), join(inner, 'package.json'))
  assert.not.ok(`${KEY}revision` in describeWeir(inner, {}).labels, 'a project around weir is not weir')
})

test('without a commit there is neither, and SOURCE_DATE_EPOCH is the time wherever it is set', () => {
  const root = folder('plain', false)
  const { labels, created } = describeWeir(root, {})
  assert.is(created, undefined)
  assert.equal(
    Object.keys(labels).filter((key) => /revision|created/.test(key)),
    [],
  )
  assert.is(describeWeir(root, { SOURCE_DATE_EPOCH: '0' }).labels[`${KEY}created`], '1970-01-01T00:00:00Z')
  for (const epoch of ['', 'now', '-1', '1.5', '99999999999999999'])
    assert.throws(
      () => describeWeir(root, { SOURCE_DATE_EPOCH: epoch }),
      (error: unknown) =>
        error instanceof WeirError && /^SOURCE_DATE_EPOCH is ".*" but must be/.test(error.message),
    )
})

test('tags by version', () => {
  assert.equal(tagsOf('1.20.3'), ['weir:1.20.3', 'weir:1.20', 'weir:latest'])
  assert.equal(tagsOf('2.0.0-rc.1'), ['weir:2.0.0-rc.1'])
})

test('deploy/Dockerfile has the same labels, but for what its build is told', () => {
  const text = readFileSync(projectFile('deploy/Dockerfile'), 'utf8')
  // Only the last stage becomes the image.
  const last = text.slice(text.lastIndexOf('\nFROM '))
  const found = Object.fromEntries(
    [...last.matchAll(/(org\.opencontainers\.image\.\w+)="([^"]*)"/g)].map(([, key, value]) => [
      key!,
      value!,
    ]),
  )
  const { labels } = describeWeir(fileURLToPath(projectFile('.')), { SOURCE_DATE_EPOCH: '0' })
  const told = { [`${KEY}revision`]: '$' + '{REVISION}', [`${KEY}created`]: '$' + '{CREATED}' }
  assert.equal(found, { ...labels, ...told })
  for (const argument of ['REVISION', 'CREATED']) assert.match(last, new RegExp(`^ARG ${argument}=`, 'm'))
})

test.run()
