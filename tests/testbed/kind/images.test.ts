/** Images that weir writes without a registry: what is in them, and that the same input gives the same bytes. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type ImageConfig, inFolders, writeImages } from '#weir/testbed/images/archive.ts'
import { componentOf } from '#weir/testbed/kind/image/component-images.ts'
import { writeInstallation } from '#weir/testbed/kind/image/emqx-image.ts'
import { type Naming, ownNames, publicNames } from '#weir/testbed/kind/image/own-names.ts'
import { writeEmulated, writeIdle, writeOperator } from '#weir/testbed/kind/image/pod-images.ts'
import { isDone, makeOnce } from '#weir/testbed/kind/image/stage.ts'
import type { PreparedOperator } from '#weir/testbed/operator/install/program.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-kind-images-'))
test.after(() => rmSync(dir, { recursive: true, force: true }))

interface Read {
  tags: string[]
  config: ImageConfig
  /** Lines of tar -tv: mode, owner, path. */
  files: string[]
}

function read(file: string): Read[] {
  const text = (member: string) =>
    execFileSync('tar', ['xOf', file, member], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  const manifest = JSON.parse(text('manifest.json')) as {
    Config: string
    RepoTags: string[]
    Layers: string[]
  }[]
  return manifest.map(({ Config, RepoTags, Layers }) => {
    const layer = execFileSync('tar', ['xOf', file, Layers[0]!], { maxBuffer: 2 ** 26 })
    const files = execFileSync('tar', ['tv', '--numeric-owner'], { input: layer, encoding: 'utf8' })
    return { tags: RepoTags, config: JSON.parse(text(Config)).config, files: files.trim().split('\n') }
  })
}

test('images of one archive share a layer, with links and folders in order', () => {
  const file = join(dir, 'two.tar')
  const entries = inFolders([
    { path: 'usr/bin/tool', mode: 0o755, content: Buffer.from('tool') },
    { path: 'bin', mode: 0o777, link: 'usr/bin' },
  ])
  const images = ['a:1', 'a:2'].map((tag) => ({ tags: [tag], config: { Env: [`V=${tag}`] } }))
  writeImages(file, { entries, images, createdBy: 'a test' })
  const [first, second] = read(file)
  assert.equal([first?.tags, second?.tags], [['a:1'], ['a:2']])
  assert.equal(second?.config.Env, ['V=a:2'])
  assert.equal(
    first?.files.map((line) => line.replace(/^(\S+) (\S+) .*00:00 /, '$1 $2 ')),
    [
      'lrwxrwxrwx 0/0 bin -> usr/bin',
      'drwxr-xr-x 0/0 usr/',
      'drwxr-xr-x 0/0 usr/bin/',
      '-rwxr-xr-x 0/0 usr/bin/tool',
    ],
  )
  const again = join(dir, 'again.tar')
  writeImages(again, { entries, images, createdBy: 'a test' })
  assert.ok(readFileSync(file).equals(readFileSync(again)))
})

test('an operator’s image has its program where its Deployment calls it, as a user that is not root', () => {
  const binary = join(dir, 'manager')
  writeFileSync(binary, 'ELF', { mode: 0o755 })
  const file = join(dir, 'operator.tar')
  writeOperator(file, { image: 'emqx/operator:build-1', binary, at: '/manager' } as PreparedOperator)
  const [image] = read(file)
  assert.equal(image?.tags, ['emqx/operator:build-1'])
  assert.equal(image?.config.Entrypoint, ['/manager'])
  assert.match(image?.config.User ?? '', /^[1-9]\d*:[1-9]\d*$/)
  assert.ok(image?.files.some((line) => /^-rwxr-xr-x 0\/0 .* manager$/.test(line)))
})

test('an installation is the image of each release that it stands for, and its node may write where EMQX writes', () => {
  const installation = join(dir, 'emqx')
  for (const folder of ['bin', 'etc', 'lib/emqx-5.8.9', 'erts-1'])
    mkdirSync(join(installation, folder), { recursive: true })
  writeFileSync(join(installation, 'bin', 'emqx'), '#!/bin/sh\n', { mode: 0o755 })
  writeFileSync(join(installation, 'etc', 'emqx.conf'), '')
  symlinkSync('emqx', join(installation, 'bin', 'emqx_ctl'))
  const file = join(dir, 'emqx.tar')
  writeInstallation(file, { dir: installation }, publicNames)
  const images = read(file)
  assert.equal(
    images.map(({ tags }) => tags[0]),
    ['6', '7', '8', '9'].map((patch) => `docker.io/emqx/emqx-enterprise:5.8.${patch}`),
  )
  const [first] = images
  assert.ok(first?.config.Env?.includes('WEIR_IMAGE_VERSION=5.8.6'))
  const has = (pattern: RegExp) =>
    assert.ok(
      first?.files.some((line) => pattern.test(line)),
      String(pattern),
    )
  has(/^-rwxr-xr-x 0\/0 .* opt\/emqx\/bin\/emqx$/)
  has(/^lrwxrwxrwx .* opt\/emqx\/bin\/emqx_ctl -> emqx$/)
  has(/^-rw-\S+ 1000\/0 .* opt\/emqx\/etc\/emqx\.conf$|^-rw-\S+ 1000\/1000 .* opt\/emqx\/etc\/emqx\.conf$/)
  has(/^drwxr-xr-x 1000\/1000 .* opt\/emqx\/data\/$/)
  has(/^-rwxr-xr-x 0\/0 .* usr\/bin\/emqx-entrypoint$/)
  writeInstallation(file, { dir: installation, version: '5.8.8' }, publicNames)
  assert.equal(
    read(file).map(({ tags }) => tags[0]),
    ['docker.io/emqx/emqx-enterprise:5.8.8'],
  )
  writeInstallation(file, { dir: installation, version: '5.8.8' }, ownNames)
  assert.equal(
    read(file).map(({ tags }) => tags[0]),
    ['weir.invalid/emqx/emqx-enterprise:5.8.8'],
  )
})

test('in a cluster of the user’s no image of weir’s has the name of a real one', () => {
  const programs = join(dir, 'programs')
  mkdirSync(join(programs, 'bin'), { recursive: true })
  for (const name of ['emqx-pod', 'pause']) writeFileSync(join(programs, 'bin', name), name, { mode: 0o755 })
  const file = join(dir, 'pods.tar')
  const tags = () => read(file).flatMap((image) => image.tags)
  const named = (naming: Naming) => {
    writeEmulated(file, { programs, emulator: '127.0.0.1:1', naming })
    const emulated = tags()
    writeIdle(file, { programs, naming })
    return [...emulated, ...tags()]
  }
  const [real, own] = [named(publicNames), named(ownNames)]
  assert.ok(real.includes('docker.io/emqx/emqx-ee:4.4.19'))
  assert.ok(real.includes('docker.io/emqx/emqx-operator-reloader:0.0.2'))
  assert.equal(
    own,
    real.map((tag) => tag.replace('docker.io/', 'weir.invalid/')),
  )
})

test('a component is known by the name of its image', () => {
  assert.is(componentOf('registry.k8s.io/coredns/coredns:v1.12.1'), 'coredns')
  assert.is(componentOf('registry.k8s.io/kube-apiserver:v1.34.4'), 'kube-apiserver')
})

test('a stage is done once for each key, and again when it was broken off or its result is gone', async () => {
  const stages = join(dir, 'stages')
  const makes = join(stages, 'result')
  const notes: string[] = []
  let count = 0
  const work = async () => {
    count += 1
    mkdirSync(makes, { recursive: true })
  }
  const stage = { name: 'a stage', key: '1', makes }
  const broken = makeOnce(
    stages,
    stage,
    () => {},
    () => Promise.reject(new Error('no room')),
  )
  await broken.then(
    () => assert.unreachable(),
    () => {},
  )
  assert.is(isDone(stages, stage), false)
  for (let time = 0; time < 2; time++) await makeOnce(stages, stage, (line) => notes.push(line), work)
  assert.is(count, 1)
  assert.equal(notes.length, 2)
  await makeOnce(stages, { ...stage, key: '2' }, () => {}, work)
  rmSync(makes, { recursive: true })
  await makeOnce(stages, { ...stage, key: '2' }, () => {}, work)
  assert.is(count, 3)
})

test.run()
