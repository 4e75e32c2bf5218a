/** Whose clusters are removed, with a docker that only remembers what it was asked. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { messageOf, type WeirError } from '#weir/errors/index.ts'
import { removeAbandonedClusters } from '#weir/testbed/kind/abandoned.ts'
import { adoptCluster } from '#weir/testbed/kind/cluster/adopt.ts'
import { createCluster, ownConfig, removeCluster } from '#weir/testbed/kind/cluster/create.ts'
import { makeOwnCluster } from '#weir/testbed/kind/cluster/own.ts'
import { readState, stateFile, writeState } from '#weir/testbed/kind/cluster/state.ts'
import type { Engine } from '#weir/testbed/kind/engine.ts'
import type { EngineIdentity } from '#weir/testbed/kind/identity.ts'
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

const { PATH } = process.env

const test = suite<World>('kind clusters')

test.before.each((world) => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-kind-test-'))
  const bin = join(dir, 'bin')
  mkdirSync(bin)
  for (const [name, text] of Object.entries(STUBS)) {
    writeFileSync(join(bin, name), text.replaceAll('DIR', dir))
    chmodSync(join(bin, name), 0o755)
  }
  const env = { ...process.env, PATH: [bin, PATH].join(delimiter) }
  Object.assign(world, {
    dir,
    engine: { env, identity: IDENTITY, async release() {} },
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
  writeFileSync(join(dir, 'marked'), '')
  process.env.PATH = env.PATH
})
test.after.each(({ dir }) => {
  process.env.PATH = PATH
  rmSync(dir, { recursive: true, force: true })
})

const STUBS = {
  docker: `#!/bin/sh
echo "docker $*" >>DIR/asked
case "$*" in
  "context inspect "*) echo unix:///run/docker.sock ;;
  "info "*) echo ID ;;
  *" --filter volume="*) cat DIR/marked ;;
  "ps "*) cat DIR/ps ;;
  "rm "*) : >DIR/ps ; : >DIR/marked ;;
esac
`,
  kind: `#!/bin/sh
echo "kind $*" >>DIR/asked
if [ -f DIR/room ]; then
  sleep 0.2
  echo "${OURS} weir-control-plane running" >>DIR/ps
  echo "${OURS}" >>DIR/marked
  exit
fi
echo "ERROR: failed to create cluster: no room" >&2
exit 1
`,
}
const IDENTITY: EngineIdentity = { id: 'ID', host: 'unix:///run/docker.sock' }
const MADE = { engine: IDENTITY, token: 'token', nodes: [OURS], madeModules: false, madeNetwork: false }

/** As a weir that was killed leaves it. */
function abandon(dir: string, name: string, state: object = MADE): void {
  writeState(dir, name, { ...MADE, ...state })
  const file = stateFile(dir, name)
  const written = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...written, owner: { pid: process.pid, started: '1' } }))
}

const options = ({ dir, engine }: World) => ({
  ...{ engine, dir, name: 'weir', image: 'image:1' },
  kind: join(dir, 'bin', 'kind'),
  kubeconfig: join(dir, 'kubeconfig'),
})
const own = ({ dir }: World) => ({
  ...{ name: 'weir', home: dir, log: () => {} },
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
  writeState(world.dir, 'weir', MADE)
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
  writeState(world.dir, 'weir', MADE)
  world.lists(`${THEIRS} weir-control-plane running`)
  await removeCluster(world.engine, world.dir, 'weir')
  assert.equal(removed(world), [`docker rm --force --volumes ${OURS}`])
  await removeCluster(world.engine, world.dir, 'weir')
  assert.is(removed(world).length, 1)
})

test('of a cluster that was never finished, what carries its mark goes, and whatever else has its name stays', async (world) => {
  writeState(world.dir, 'weir', { ...MADE, nodes: undefined })
  world.lists(`${OURS} weir-control-plane created`, `${THEIRS} weir-worker running`)
  writeFileSync(join(world.dir, 'marked'), `${OURS}\n`)
  await removeCluster(world.engine, world.dir, 'weir')
  assert.equal(removed(world), [`docker rm --force --volumes ${OURS}`])
  assert.ok(world.asked().some((line) => line.endsWith(' --filter volume=/weir/token')))
  assert.is(readState(world.dir, 'weir'), undefined)
})

test('nothing is removed by another docker daemon than the one that made it, and one line says which that is', async (world) => {
  for (const identity of [
    { ...IDENTITY, id: 'another' },
    { ...IDENTITY, host: 'tcp://127.0.0.1:2375' },
  ]) {
    writeState(world.dir, 'weir', MADE)
    const error = await refusal(removeCluster({ ...world.engine, identity }, world.dir, 'weir'))
    assert.is(error.code, 'WEIR_KIND')
    assert.is(
      messageOf(error),
      `the kind cluster weir is in the docker daemon at unix:///run/docker.sock (ID), and the one at ${identity.host} (${identity.id}) answers: set DOCKER_HOST=unix:///run/docker.sock, or delete ${stateFile(world.dir, 'weir')} if that daemon is gone for good`,
    )
    assert.equal(removed(world), [])
    assert.ok(readState(world.dir, 'weir'))
  }
})

test('a cluster that was abandoned in another daemon is neither removed nor forgotten by the next', async (world) => {
  abandon(world.dir, 'weir', { engine: { ...IDENTITY, id: 'another' } })
  const down = await refusal(removeAbandonedClusters(world.dir))
  const up = await refusal(makeOwnCluster(own(world)))
  for (const error of [down, up])
    assert.match(messageOf(error), /^the kind cluster weir is in the docker daemon at .* \(another\), and/)
  assert.equal(removed(world), [])
  assert.ok(readState(world.dir, 'weir'))
  assert.not(world.asked().some((line) => line.startsWith('kind ')))
})

test('of two weirs that make a cluster at once one gets it, and the other removes nothing of it', async (world) => {
  writeFileSync(join(world.dir, 'room'), '')
  abandon(world.dir, 'weir', { nodes: undefined })
  const both = await Promise.allSettled([makeOwnCluster(own(world)), makeOwnCluster(own(world))])
  const [made] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const [refused, ...more] = both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  assert.equal(made?.nodes, [{ id: OURS, name: 'weir-control-plane', isRunning: true }])
  assert.equal(more, [])
  assert.match(messageOf(refused), new RegExp(`^process ${process.pid} has the kind cluster weir: `))
  assert.equal(removed(world), [])
  assert.is(world.asked().filter((line) => line.startsWith('kind ')).length, 1)
  assert.equal(readState(world.dir, 'weir')?.nodes, [OURS])
  await made?.remove()
  assert.equal(removed(world), [`docker rm --force --volumes ${OURS}`])
  assert.is(readState(world.dir, 'weir'), undefined)
})

test('the network of kind goes with the cluster for which it was made, and only then', async (world) => {
  for (const madeNetwork of [false, true]) {
    writeState(world.dir, 'weir', { ...MADE, madeNetwork })
    await removeCluster(world.engine, world.dir, 'weir')
    assert.is(world.asked().includes('docker network rm kind'), madeNetwork)
  }
})

test('what a killed weir left is removed, what a running one has stays', async (world) => {
  writeState(world.dir, 'running', { ...MADE, nodes: [THEIRS] })
  abandon(world.dir, 'killed')
  assert.is(await removeAbandonedClusters(world.dir), 1)
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
  const config = parse(ownConfig(text, 'weir/kind-node:1', 'token'))
  const extraMounts = [{ hostPath: '/lib/modules', containerPath: '/weir/token', readOnly: true }]
  assert.equal(config.nodes, [{ role: 'control-plane', image: 'weir/kind-node:1', extraMounts }])
  assert.is(config.networking.disableDefaultCNI, true)
  assert.is(config.apiVersion, parse(text).apiVersion)
})

test.run()
