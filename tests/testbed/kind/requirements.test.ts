import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type KindMachine, lacks, type Need } from '#weir/testbed/kind/requirements.ts'

const MACHINE: KindMachine = {
  platform: 'linux',
  isRoot: true,
  missing: [],
  daemon: true,
  dockerd: true,
  go: '1.26.8',
  freeBytes: 2 ** 40,
}
const problem = (machine: Partial<KindMachine>, need: Partial<Need> = {}) =>
  lacks({ ...MACHINE, ...machine }, { toBuild: true, adopts: false, ...need })

test('a machine that lacks nothing', () => {
  assert.is(problem({}), undefined)
  assert.is(problem({ daemon: false }), undefined, 'a daemon of weir’s own is started')
})

test('each lack is one line with what to do', () => {
  assert.is(
    problem({ platform: 'darwin' }),
    'it needs Linux: make a cluster with kind-config.yaml and use --kubeconfig',
  )
  assert.is(problem({ isRoot: false }), 'it needs root, for images and containers: start weir with sudo')
  assert.is(
    problem({ missing: [{ command: 'mmdebstrap', package: 'mmdebstrap' }] }),
    'the command mmdebstrap is missing: install mmdebstrap',
  )
  assert.match(
    problem({ daemon: false, dockerd: false })!,
    /^no docker daemon answers and there is none to start: start yours, set DOCKER_HOST, or install docker\.io$/,
  )
  assert.match(problem({ go: undefined })!, /^Go 1\.24 or later is missing: install it from https/)
  assert.match(
    problem({ freeBytes: 2 ** 30 })!,
    /^the build needs 8 GiB of disk and 1\.0 GiB are free: make room/,
  )
  assert.match(problem({ unwritable: 'EROFS: read-only file system' })!, /no place to write to \(EROFS/)
})

test('without docker at all, its command alone is named', () => {
  const missing = [{ command: 'docker', package: 'docker.io' }]
  assert.is(
    problem({ missing, daemon: false, dockerd: false }),
    'the command docker is missing: install docker.io',
  )
})

test('once all is built, Go and disk do not matter', () => {
  const need = { toBuild: false }
  assert.is(problem({ go: undefined, freeBytes: 0 }, need), undefined)
})

test('a cluster of the user’s needs no root, but a daemon that answers', () => {
  const need = { adopts: true, toBuild: false }
  assert.is(problem({ isRoot: false }, need), undefined)
  assert.match(problem({ isRoot: false, daemon: false, dockerd: false }, need)!, /^no docker daemon answers/)
  assert.match(problem({ freeBytes: 2 ** 29 }, { adopts: true })!, /^the build needs 1 GiB/)
})

test('several lacks come in one line', () => {
  const line = problem({ isRoot: false, go: undefined })!
  assert.match(line, /root.*; Go 1\.24/)
  assert.not.match(line, '\n')
})

test.run()
