/** Whose clusters are removed, with a docker that only remembers what it was asked. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { messageOf, type WeirError } from '#weir/errors/index.ts'
import { adoptCluster } from '#weir/testbed/kind/cluster/adopt.ts'
import {
  createCluster,
  ownConfig,
  removeAbandoned,
  removeCluster,
} from '#weir/testbed/kind/cluster/create.ts'
import { readState, writeState } from '#weir/testbed/kind/cluster/state.ts'
import type { Engine } from '#weir/testbed/kind/engine.ts'
import { projectFile } from '../../support/project-file.ts'

const OURS = 'a'.repeat(64)
const THEIRS = 'b'.repeat(64)

interface World {
  dir: string
  engine: Engine
  /** What `docker ps` lists from now on. */
  lists(...lines: string[]): void
  /** The commands that docker and kind were started with. */
  asked(): string[]
}

const test = suite<World>('kind clusters')

test.before.each((world) => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-kind-test-'))
  const bin = join(dir, 'bin')
  mkdirSync(bin)
  for (const [name, text] of Object.entries(STUBS)) {
    writeFileSync(join(bin, name), text.replaceAll('DIR', dir))
    chmodSync(join(bin, name), 0o755)
  }
  const env = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) }
  Object.assign(world, {
    dir,
    engine: { env, async release() {} },
    lists: (...lines: string[]) => writeFileSync(join(dir, 'ps'), lines.map((line) => `${line}\n`).join('')),
    asked: () => {
      try {
        return readFileSync(join(dir, 'asked'), 'utf8').trim().split('\n')
      } catch {
        return []
      }
    },
  })
  world.lists()
})
test.after.each(({ dir }) => rmSync(dir, { recursive: true, force: true }))

const STUBS = {
  docker:
    '#!/bin/sh\necho "docker $*" >>DIR/asked\ncase $1 in ps) cat DIR/ps ;; inspect) cat DIR/inspect ;; rm) : >DIR/ps ; : >DIR/inspect ;; esac\n',
  kind: '#!/bin/sh\necho "kind $*" >>DIR/asked\necho "ERROR: failed to create cluster: no room" >&2\nexit 1\n',
}

const options = ({ dir, engine }: World) => ({
  ...{ engine, dir, name: 'weir', image: 'image:1' },
  kind: join(dir, 'bin', 'kind'),
  kubeconfig: join(dir, 'kubeconfig'),
})
const refusal = (work: Promise<unknown>): Promise<WeirError> =>
  work.then(
    () => assert.unreachable('it was not refused'),
    (error) => error,
  )
const removed = (world: World) => world.asked().filter((line) => line.startsWith('docker rm '))

test('a cluster of the same name that weir did not make is refused with what to do, and nothing is removed', async (world) => {
  world.lists(`${THEIRS} weir-control-plane running`)
  const error = await refusal(createCluster(options(world)))
  assert.is(error.code, 'WEIR_KIND')
  assert.is(
    messageOf(error),
    'there is a kind cluster weir that weir did not make: use it with "--adopt weir", or remove it with "kind delete cluster --name weir"',
  )
  assert.equal(removed(world), [])
  assert.is(
    world.asked().some((line) => line.startsWith('kind ')),
    false,
  )
  assert.is(readState(world.dir, 'weir'), undefined)
})

test('a cluster of a weir that runs is refused', async (world) => {
  writeState(world.dir, 'weir', { nodes: [OURS], begunMs: 0, madeModules: false, madeNetwork: false })
  const error = await refusal(createCluster(options(world)))
  assert.is(
    messageOf(error),
    `process ${process.pid} has the kind cluster weir: end it, or "weir testbed down" if that started it`,
  )
  assert.equal(removed(world), [])
})

test('a start that fails is one line with kind’s own words, and leaves no state', async (world) => {
  const error = await refusal(createCluster(options(world)))
  assert.is(error.code, 'WEIR_KIND')
  assert.match(
    messageOf(error),
    /^the kind cluster weir does not start: .*kind: ERROR: failed to create cluster: no room; all of it is in /,
  )
  assert.is(readState(world.dir, 'weir'), undefined)
})

test('the log of kind is of the last start alone', async (world) => {
  const log = join(world.dir, 'kind-weir.log')
  writeFileSync(log, 'ERROR: of another day\n')
  await refusal(createCluster(options(world)))
  assert.is(readFileSync(log, 'utf8'), 'ERROR: failed to create cluster: no room\n')
})

test('only the containers that weir made are removed, whatever has the name by now', async (world) => {
  writeState(world.dir, 'weir', { nodes: [OURS], begunMs: 0, madeModules: false, madeNetwork: false })
  world.lists(`${THEIRS} weir-control-plane running`)
  await removeCluster(world.engine, world.dir, 'weir')
  assert.equal(removed(world), [`docker rm --force --volumes ${OURS}`])
  await removeCluster(world.engine, world.dir, 'weir')
  assert.is(removed(world).length, 1)
})

test('of a cluster that was never finished, what was made then goes, and one that took its name later stays', async (world) => {
  const begunMs = Date.parse('2026-01-01T10:00:00Z')
  writeState(world.dir, 'weir', { begunMs, madeModules: false, madeNetwork: false })
  const both = [`${OURS} weir-control-plane created`, `${THEIRS} weir-worker running`]
  world.lists(...both)
  writeFileSync(
    join(world.dir, 'inspect'),
    `${OURS} 2026-01-01T10:00:05.123456789Z\n${THEIRS} 2026-01-01T11:00:00.5Z\n`,
  )
  await removeCluster(world.engine, world.dir, 'weir')
  assert.equal(removed(world), [`docker rm --force --volumes ${OURS}`])
  assert.is(readState(world.dir, 'weir'), undefined)
})

test('the network of kind goes with the cluster for which it was made, and only then', async (world) => {
  for (const madeNetwork of [false, true]) {
    writeState(world.dir, 'weir', { nodes: [OURS], begunMs: 0, madeModules: false, madeNetwork })
    await removeCluster(world.engine, world.dir, 'weir')
    assert.is(world.asked().includes('docker network rm kind'), madeNetwork)
  }
})

test('what a killed weir left is removed, what a running one has stays', async (world) => {
  writeState(world.dir, 'running', { nodes: [THEIRS], begunMs: 0, madeModules: false, madeNetwork: false })
  writeState(world.dir, 'killed', { nodes: [OURS], begunMs: 0, madeModules: false, madeNetwork: false })
  const file = join(world.dir, 'clusters', 'killed.json')
  const state = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...state, owner: { pid: process.pid, started: '1' } }))
  assert.equal(await removeAbandoned(world.engine, world.dir), ['killed'])
  assert.equal(removed(world), [`docker rm --force --volumes ${OURS}`])
  assert.ok(readState(world.dir, 'running'))
})

test('adopting one that is not there, or does not run, says so', async (world) => {
  const none = await refusal(adoptCluster(world.engine, 'mine', join(world.dir, 'kubeconfig')))
  assert.is(
    messageOf(none),
    'there is no kind cluster mine to adopt: make it with "kind create cluster --name mine --config kind-config.yaml"',
  )
  world.lists(`${THEIRS} mine-control-plane exited`)
  const stopped = await refusal(adoptCluster(world.engine, 'mine', join(world.dir, 'kubeconfig')))
  assert.is(messageOf(stopped), 'the node mine-control-plane does not run: "docker start mine-control-plane"')
})

test('a cluster of weir’s own has the project’s nodes, of its own image, and takes no port of this machine', () => {
  const text = readFileSync(projectFile('kind-config.yaml'), 'utf8')
  const config = parse(ownConfig(text, 'weir/kind-node:1'))
  assert.equal(config.nodes, [{ role: 'control-plane', image: 'weir/kind-node:1' }])
  assert.is(config.networking.disableDefaultCNI, true)
  assert.is(config.apiVersion, parse(text).apiVersion)
})

test.run()
