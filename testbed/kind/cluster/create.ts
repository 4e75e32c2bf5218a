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
import { MODULES, removeModules } from './modules-folder.ts'
import { type ClusterNode, createdMs, hasNetwork, nodesOf, removeNetwork, removeNodes } from './nodes.ts'
import { abandonedStates, type ClusterState, readState, removeState, writeState } from './state.ts'

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
export function ownConfig(text: string, image: string): string {
  const config = parse(text) as KindConfig
  const nodes = config.nodes.map(({ role }) => ({ role, image }))
  return stringify({ ...config, networking: { ...config.networking, disableDefaultCNI: true }, nodes })
}

/** Throws WEIR_KIND where a cluster of this name is somebody else's, or another weir's. */
async function mustBeFree({ engine, name, dir }: ClusterOptions): Promise<void> {
  const state = readState(dir, name)
  if (state !== undefined && isRunning(state.owner))
    throw new WeirError(
      'WEIR_KIND',
      `process ${state.owner.pid} has the kind cluster ${name}: end it, or "weir testbed down" if that started it`,
    )
  const nodes = await nodesOf(engine, name)
  if (nodes.length > 0)
    throw new WeirError(
      'WEIR_KIND',
      `there is a kind cluster ${name} that weir did not make: use it with "--adopt ${name}", or remove it with "kind delete cluster --name ${name}"`,
    )
}

/** Makes a cluster of that name and waits until its nodes are Ready. Throws WEIR_KIND, and leaves nothing behind then. */
export async function createCluster(options: ClusterOptions): Promise<ClusterNode[]> {
  const { engine, kind, name, image, dir, kubeconfig, signal } = options
  await removeAbandoned(engine, dir)
  await mustBeFree(options)
  // docker makes the folder where it is missing, since nodes mount it.
  const madeModules = !existsSync(MODULES)
  const made = { begunMs: Date.now(), madeModules, madeNetwork: !(await hasNetwork(engine)) }
  writeState(dir, name, made)
  const config = join(dir, `kind-${name}.yaml`)
  writeFileSync(config, ownConfig(readFileSync(packageFile('kind-config.yaml'), 'utf8'), image))
  const log = join(dir, `kind-${name}.log`)
  rmSync(log, { force: true })
  try {
    const args = ['create', 'cluster', '--name', name, '--config', config, '--kubeconfig', kubeconfig]
    await run(kind, [...args, '--wait', `${WAIT_SECONDS}s`], {
      env: engine.env,
      log,
      signal,
      what: `the kind cluster ${name} does not start`,
    })
    const nodes = await nodesOf(engine, name)
    writeState(dir, name, { ...made, nodes: nodes.map(({ id }) => id) })
    return nodes
  } catch (error) {
    await removeCluster(engine, dir, name)
    throw error
  }
}

/** Removes a cluster that weir made, and nothing else: one that took its name since stays. */
export async function removeCluster(engine: Engine, dir: string, name: string): Promise<void> {
  const state = readState(dir, name)
  if (state === undefined) return
  if (state.nodes !== undefined) await removeNodes(engine, state.nodes)
  else await removeHalfMade(engine, state)
  if (state.madeModules) removeModules()
  if (state.madeNetwork) await removeNetwork(engine)
  removeState(dir, name)
}

const SETTLED_MS = 1000
/** kind makes the containers of its nodes at once: a later one is somebody else's. */
const MADE_WITHIN_MS = 60_000

/** The daemon may still be making a container that kind asked for before it was ended. */
async function removeHalfMade(engine: Engine, { name, begunMs }: ClusterState): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const made = await createdMs(engine, await nodesOf(engine, name))
    const ours = [...made].filter(([, ms]) => ms >= begunMs && ms <= begunMs + MADE_WITHIN_MS)
    await removeNodes(
      engine,
      ours.map(([id]) => id),
    )
    quiet = ours.length === 0 ? quiet + 1 : 0
    await sleep(SETTLED_MS)
  }
}

/** Removes clusters whose weir was killed. Returns their names. */
export async function removeAbandoned(engine: Engine, dir: string): Promise<string[]> {
  const names = abandonedStates(dir).map(({ name }) => name)
  for (const name of names) await removeCluster(engine, dir, name)
  return names
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
