import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import type { Node } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { packageFile, WeirError } from '#weir/errors/index.ts'
import { isRunning } from '../../runtime/owner.ts'
import { run } from '../command.ts'
import type { Engine } from '../engine.ts'
import { isSameEngine } from '../identity.ts'
import { MODULES, removeModules } from './modules-folder.ts'
import {
  type ClusterNode,
  hasNetwork,
  markedNodes,
  markOf,
  nodesOf,
  removeNetwork,
  removeNodes,
} from './nodes.ts'
import { readState, removeState, stateFile, writeState } from './state.ts'

export interface ClusterOptions {
  engine: Engine
  /** The program kind. */
  kind: string
  name: string
  /** Of the nodes. */
  image: string
  /** What weir keeps of its clusters, and where kind's log goes. */
  dir: string
  kubeconfig: string
  signal?: AbortSignal | undefined
}

const WAIT_SECONDS = 180

interface KindConfig {
  networking?: Record<string, unknown>
  nodes: { role: string; image?: string; extraPortMappings?: unknown }[]
}

/**
 * The project's configuration for a cluster of weir's own: its nodes of another image, which brings its own network, and without ports on
 * this machine, since weir connects to the nodes' addresses.
 */
export function ownConfig(text: string, image: string, token: string): string {
  const config = parse(text) as KindConfig
  const extraMounts = [{ hostPath: MODULES, containerPath: markOf(token), readOnly: true }]
  const nodes = config.nodes.map(({ role }) => ({ role, image, extraMounts }))
  return stringify({ ...config, networking: { ...config.networking, disableDefaultCNI: true }, nodes })
}

/** Throws WEIR_KIND where another weir has a cluster of this name, or makes one. */
export function mustNotBeHeld(dir: string, name: string): void {
  const state = readState(dir, name)
  if (state !== undefined && isRunning(state.owner))
    throw new WeirError(
      'WEIR_KIND',
      `process ${state.owner.pid} has the kind cluster ${name}: end it, or "weir testbed down" if that started it`,
    )
}

/** Throws WEIR_KIND where a cluster of this name is not weir's. */
async function mustBeFree(engine: Engine, name: string): Promise<void> {
  const nodes = await nodesOf(engine, name)
  if (nodes.length > 0)
    throw new WeirError(
      'WEIR_KIND',
      `there is a kind cluster ${name} that weir did not make: use it with "--adopt ${name}", or remove it with "kind delete cluster --name ${name}"`,
    )
}

/**
 * Makes a cluster of that name and waits until its nodes are Ready: in turn with other weirs, and after the removal of what they left.
 * Throws WEIR_KIND, and leaves nothing behind then.
 */
export async function createCluster(options: ClusterOptions): Promise<ClusterNode[]> {
  const { engine, kind, name, image, dir, kubeconfig, signal } = options
  mustNotBeHeld(dir, name)
  await mustBeFree(engine, name)
  const token = randomUUID()
  // docker makes the folder where it is missing, since nodes mount it.
  const madeModules = !existsSync(MODULES)
  const made = { engine: engine.identity, token, madeModules, madeNetwork: !(await hasNetwork(engine)) }
  writeState(dir, name, made)
  const config = join(dir, `kind-${name}.yaml`)
  writeFileSync(config, ownConfig(readFileSync(packageFile('kind-config.yaml'), 'utf8'), image, token))
  const log = join(dir, `kind-${name}.log`)
  rmSync(log, { force: true })
  try {
    // What fails is removed here: kind would remove every container that has the cluster's name.
    const args = ['create', 'cluster', '--name', name, '--config', config, '--kubeconfig', kubeconfig]
    await run(kind, [...args, '--retain', '--wait', `${WAIT_SECONDS}s`], {
      env: engine.env,
      log,
      signal,
      what: `the kind cluster ${name} does not start`,
    })
    const ids = new Set(await markedNodes(engine, token))
    writeState(dir, name, { ...made, nodes: [...ids] })
    return (await nodesOf(engine, name)).filter(({ id }) => ids.has(id))
  } catch (error) {
    await removeCluster(engine, dir, name)
    throw error
  }
}

/**
 * Removes a cluster that weir made, and nothing else: one that took its name since stays. Throws WEIR_KIND where another docker daemon has
 * its containers.
 */
export async function removeCluster(engine: Engine, dir: string, name: string): Promise<void> {
  const state = readState(dir, name)
  if (state === undefined) return
  if (!isSameEngine(state.engine, engine.identity))
    throw new WeirError(
      'WEIR_KIND',
      `the kind cluster ${name} is in the docker daemon at ${state.engine.host} (${state.engine.id}), and the one at ${engine.identity.host} (${engine.identity.id}) answers: set DOCKER_HOST=${state.engine.host}, or delete ${stateFile(dir, name)} if that daemon is gone for good`,
    )
  if (state.nodes !== undefined) await removeNodes(engine, state.nodes)
  else await removeHalfMade(engine, state.token)
  if (state.madeModules) removeModules()
  if (state.madeNetwork) await removeNetwork(engine)
  removeState(dir, name)
}

const SETTLED_MS = 1000

/** The daemon may still be making a container that kind asked for before it was ended. */
async function removeHalfMade(engine: Engine, token: string): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const ids = await markedNodes(engine, token)
    await removeNodes(engine, ids)
    quiet = ids.length === 0 ? quiet + 1 : 0
    await sleep(SETTLED_MS)
  }
}

/** Without a network plug-in nodes know the way to their own pods only. */
export async function connectNodes({ env }: Engine, kube: KubeApi): Promise<void> {
  const { items } = await kube.list<Node & { spec?: { podCIDR?: string } }>(resources.nodes)
  for (const { metadata } of items)
    for (const other of items) {
      const address = other.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address
      const range = other.spec?.podCIDR
      if (other === undefined || other.metadata.name === metadata.name || !address || !range) continue
      await run('docker', ['exec', metadata.name, 'ip', 'route', 'replace', range, 'via', address], {
        env,
        what: `the node ${metadata.name} takes no route to the pods of ${other.metadata.name}`,
      })
    }
}
