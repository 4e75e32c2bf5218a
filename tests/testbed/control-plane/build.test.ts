import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { messageOf, type WeirError } from '#weir/errors/index.ts'
import {
  announcement,
  buildPrograms,
  goArguments,
  inOneLine,
} from '#weir/testbed/control-plane/build/build.ts'
import {
  type Built,
  bytesIn,
  cacheDir,
  missingPrograms,
  PROGRAM_NAMES,
  type ProgramName,
  readBuilt,
} from '#weir/testbed/control-plane/build/cache.ts'
import { kubernetesVersion, readModules, versionIn } from '#weir/testbed/control-plane/build/modules.ts'
import { lacks, type Machine } from '#weir/testbed/control-plane/build/requirements.ts'

const DIGEST = 'abc'
const all: Built = Object.fromEntries(PROGRAM_NAMES.map((name) => [name, { digest: DIGEST, bytes: 7 }]))

test('a cache that is whole needs nothing', () => {
  assert.equal(
    missingPrograms(
      PROGRAM_NAMES,
      all,
      () => DIGEST,
      () => 7,
    ),
    [],
  )
})

test('an empty cache needs everything, in the order of the build', () => {
  assert.equal(
    missingPrograms(
      PROGRAM_NAMES,
      {},
      () => DIGEST,
      () => undefined,
    ),
    ['etcd', 'kube-apiserver', 'kube-controller-manager'],
  )
})

test('a build that was broken off goes on with what it had not finished', () => {
  const { etcd } = all
  // A file without an entry is one that was not finished.
  assert.equal(
    missingPrograms(
      PROGRAM_NAMES,
      { etcd: etcd! },
      () => DIGEST,
      () => 7,
    ),
    ['kube-apiserver', 'kube-controller-manager'],
  )
})

test('other modules, a missing file and a truncated one are built again', () => {
  assert.is(
    missingPrograms(
      PROGRAM_NAMES,
      all,
      () => 'other',
      () => 7,
    ).length,
    3,
  )
  const sizes: Partial<Record<ProgramName, number>> = { etcd: 7, 'kube-controller-manager': 3 }
  assert.equal(
    missingPrograms(
      PROGRAM_NAMES,
      all,
      () => DIGEST,
      (name) => sizes[name],
    ),
    ['kube-apiserver', 'kube-controller-manager'],
  )
})

test('a folder without a build has no programs and no record of any', () => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-cache-'))
  assert.equal(readBuilt(dir), {})
  assert.is(bytesIn(dir)('etcd'), undefined)
  rmSync(dir, { recursive: true })
})

test('the cache has a folder for each version, under XDG_CACHE_HOME where it is set', () => {
  assert.is(cacheDir('v1.2.3', { XDG_CACHE_HOME: '/cache' }), '/cache/weir/control-plane/v1.2.3')
  assert.match(cacheDir('v1.2.3', {}), /\/\.cache\/weir\/control-plane\/v1\.2\.3$/)
})

test('the modules name their versions, and those are what is built and announced', () => {
  const modules = readModules()
  const kubernetes = kubernetesVersion(modules)
  assert.match(kubernetes, /^v1\.\d+\.\d+$/)
  assert.match(versionIn(modules.kubernetes, 'go.etcd.io/etcd/server/v3'), /^v3\.\d+\.\d+$/)
  const line = announcement(['kube-apiserver', 'kube-controller-manager'], modules, '/cache')
  assert.match(line, /^weir: building the rest of the control plane from source, once: /)
  assert.match(line, new RegExp(`kube-apiserver ${kubernetes}, .* into /cache; about \\d+ minutes on`))
})

test('Kubernetes carries its version, etcd its own', () => {
  const args = goArguments('kube-apiserver', 'v1.34.4', '/out')
  assert.equal(args.slice(0, 3), ['build', '-mod=readonly', '-trimpath'])
  assert.match(args[4]!, /version\.gitVersion=v1\.34\.4 .*gitMajor=1 .*gitMinor=34/)
  assert.equal(args.slice(-3), ['-o', '/out', 'k8s.io/kubernetes/cmd/kube-apiserver'])
  assert.is(goArguments('etcd', 'v3.6.4', '/out')[4], '-s -w')
  assert.is(goArguments('pause', '', '/out').at(-1), './pause')
})

const MACHINE: Machine = { platform: 'linux', isRoot: true, missing: [], go: '1.26.8', freeBytes: 2 ** 40 }
const problem = (machine: Partial<Machine>, toBuild = true) => lacks({ ...MACHINE, ...machine }, { toBuild })

test('a machine that lacks nothing', () => {
  assert.is(problem({}), undefined)
})

test('each lack is one line with what to do', () => {
  assert.match(problem({ platform: 'darwin' })!, /^it needs Linux: use the embedded cluster/)
  assert.match(problem({ isRoot: false })!, /^it needs root, .*: start weir with sudo$/)
  const missing = [{ command: 'ip', package: 'iproute2' }]
  assert.is(problem({ missing }), 'the command ip is missing: install iproute2')
  assert.match(
    problem({ refusal: 'Operation not permitted' })!,
    /no network namespace \(Operation not permitted\)/,
  )
  assert.match(
    problem({ go: undefined })!,
    /^Go 1\.24 or later is missing: install it from https:\/\/go\.dev\/dl/,
  )
  assert.match(problem({ go: '1.23.9' })!, /^Go 1\.23\.9 is too old: install 1\.24 or later/)
  assert.match(
    problem({ freeBytes: 2 ** 30 })!,
    /^the build needs \d GiB of disk and 1\.0 GiB are free: make room/,
  )
  assert.is(
    problem({ unwritable: "EROFS: read-only file system, mkdir '/cache'", freeBytes: undefined }),
    "the build has no place to write to (EROFS: read-only file system, mkdir '/cache'): set XDG_CACHE_HOME to a folder",
  )
})

test('several lacks come together, and Go and disk do not matter once it is built', () => {
  const line = problem({ isRoot: false, go: undefined })!
  assert.match(line, /root.*; Go 1\.24/)
  assert.is(problem({ go: undefined, freeBytes: 0 }, false), undefined)
})

test('who is not root learns that alone of the place of the build', () => {
  assert.is(
    problem({ isRoot: false, freeBytes: undefined }),
    'it needs root, for a network namespace: start weir with sudo',
  )
})

const refusal = (work: Promise<unknown>): Promise<WeirError> =>
  work.then(
    () => assert.unreachable('it was not refused'),
    (error) => error,
  )

test('a cache that cannot be made is one line', async () => {
  const before = process.env.XDG_CACHE_HOME
  const dir = mkdtempSync(join(tmpdir(), 'weir-cache-'))
  writeFileSync(join(dir, 'file'), '')
  process.env.XDG_CACHE_HOME = join(dir, 'file')
  try {
    const { code, message } = await refusal(buildPrograms(() => {}))
    assert.is(code, 'WEIR_CONTROL_PLANE')
    assert.match(
      message,
      /^the testbed control-plane cannot run here: (it needs (Linux|root)|.*no place to write to \(ENOTDIR)/,
    )
    assert.not.match(message, '\n')
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = before
    rmSync(dir, { recursive: true })
  }
})

const PLANE = { title: 'the control plane', code: 'WEIR_CONTROL_PLANE' } as const

test('a disk that is full during the build is one line, and a mistake of weir keeps its stack', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { syscall: 'write' })
  const error = await refusal(inOneLine('/cache', PLANE, () => Promise.reject(full)))
  assert.is(error.code, 'WEIR_CONTROL_PLANE')
  assert.is(messageOf(error), `the control plane cannot be built in /cache: ${full.message}`)
  const mistake = new TypeError('undefined is not a function')
  assert.is(await refusal(inOneLine('/cache', PLANE, () => Promise.reject(mistake))), mistake)
})

test.run()
