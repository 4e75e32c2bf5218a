/** The image that `npm run image` makes: one layer in which weir runs, the same bytes each time. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { weirVersion } from '#weir/errors/index.ts'
import { describeWeir, type ImageLabels, tagsOf } from '#weir/testbed/images/weir-labels.ts'
import { testWith } from '../support/programs.ts'
import { projectFile } from '../support/project-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-image-test-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

function made(name: string): string {
  const file = join(dir, name)
  const main = fileURLToPath(projectFile('dist/tools/image/main.js'))
  const env = { ...process.env, SOURCE_DATE_EPOCH: '1700000000' }
  execFileSync(process.execPath, [main, file], { stdio: 'ignore', env })
  return file
}

const digestOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

testWith('unshare')('weir runs in it as a user of its own, on nothing but what the layer brings', () => {
  const image = made('image.tar')
  const [parts, root] = [join(dir, 'parts'), join(dir, 'root')]
  for (const folder of [parts, root]) mkdirSync(folder)
  execFileSync('tar', ['xf', image, '-C', parts])
  const [manifest] = JSON.parse(readFileSync(join(parts, 'manifest.json'), 'utf8')) as [
    { Config: string; RepoTags: string[]; Layers: string[] },
  ]
  assert.equal(manifest.RepoTags, tagsOf(weirVersion()))
  assert.is(manifest.Layers.length, 1)
  const layer = join(parts, manifest.Layers[0]!)
  const { config, rootfs, created } = JSON.parse(readFileSync(join(parts, manifest.Config), 'utf8')) as {
    config: { User: string; Entrypoint: string[]; WorkingDir: string; Labels: ImageLabels }
    created: string
    rootfs: { diff_ids: string[] }
  }
  assert.equal(rootfs.diff_ids, [`sha256:${digestOf(layer)}`])
  const { labels } = describeWeir(fileURLToPath(projectFile('.')), { SOURCE_DATE_EPOCH: '1700000000' })
  assert.equal(config.Labels, labels)
  assert.is(created, '2023-11-14T22:13:20Z')
  assert.is(config.User, '10001:10001')
  assert.is(config.WorkingDir, '/results')
  execFileSync('tar', ['xf', layer, '-C', root, '--no-same-owner'])
  const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const weir = (...args: string[]) =>
    execFileSync('unshare', [...asUser, 'chroot', root, ...config.Entrypoint, ...args], { encoding: 'utf8' })
  assert.is(weir('--version').trim(), config.Labels['org.opencontainers.image.version'])
  assert.match(weir('scenarios', 'list'), /blue-green-quick/)
  assert.is(digestOf(made('again.tar')), digestOf(image), 'another build has other bytes')
})

test.run()
