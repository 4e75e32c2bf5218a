import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { run } from '../command.ts'
import type { Engine } from '../engine.ts'
import { type ClusterNode, nodesOf } from './nodes.ts'

interface Kubeconfig {
  clusters: { cluster: { server: string } }[]
}

/**
 * The nodes of a kind cluster of the user's, and a kubeconfig for it. Nothing of it is ever removed. Throws WEIR_KIND where there is none, or
 * where it does not run.
 */
export async function adoptCluster(engine: Engine, name: string, kubeconfig: string): Promise<ClusterNode[]> {
  const nodes = await nodesOf(engine, name)
  const first = nodes.find((node) => node.name === `${name}-control-plane`)
  if (first === undefined)
    throw new WeirError(
      'WEIR_KIND',
      `there is no kind cluster ${name} to adopt: make it with "kind create cluster --name ${name} --config kind-config.yaml"`,
    )
  const stopped = nodes.find(({ isRunning }) => !isRunning)
  if (stopped !== undefined)
    throw new WeirError('WEIR_KIND', `the node ${stopped.name} does not run: "docker start ${stopped.name}"`)
  const what = `the kind cluster ${name} gives no kubeconfig`
  const text = await run('docker', ['exec', first.name, 'cat', '/etc/kubernetes/admin.conf'], {
    env: engine.env,
    what,
  })
  const config = parse(text) as Kubeconfig
  const address = await addressOf(engine, first, what)
  for (const { cluster } of config.clusters) cluster.server = `https://${address}:6443`
  writeFileSync(kubeconfig, stringify(config), { mode: 0o600 })
  return nodes
}

async function addressOf({ env }: Engine, { name }: ClusterNode, what: string): Promise<string> {
  const args = ['inspect', name, '--format', '{{.NetworkSettings.Networks.kind.IPAddress}}']
  return (await run('docker', args, { env, what })).trim()
}

/** What weir has installed in a cluster of the user's. */
interface Adopted {
  /** Of its namespace kube-system: a later cluster of the same name is another one. */
  uid: string
  /** In words that differ for other operators. */
  operator: string
}

export interface Adopting {
  /** Where it is noted. */
  dir: string
  /** Of the cluster. */
  name: string
  /** What is to be installed, in the same words. */
  operator: string
}

const fileOf = (dir: string, name: string) => join(dir, `adopted-${name}.json`)

/**
 * A run replaces the spec of the resource that its scenario names, and two operators would change the same pods: a cluster with EMQX's
 * definitions is used only where an earlier adoption has installed them, with the same operator. Throws WEIR_KIND.
 */
export async function mustBeOurs(kube: KubeApi, { dir, name, operator }: Adopting): Promise<void> {
  const before = adoptedBefore(dir, name)
  if (before !== undefined && before.uid === (await uidOf(kube, name))) {
    if (before.operator === operator) return
    throw new WeirError(
      'WEIR_KIND',
      `the kind cluster ${name} has ${before.operator} of an earlier run, and this one is of ${operator}: make another cluster for it`,
    )
  }
  const { status, body } = await asked(name, kube.raw('GET', '/apis/apps.emqx.io'))
  if (status === 404) return
  const { message = '' } = (body ?? {}) as { message?: string }
  throw new WeirError(
    'WEIR_KIND',
    status === 200
      ? `the kind cluster ${name} has definitions of an EMQX Operator that weir did not install, or not to the end: run on its EMQX with --kubeconfig, or delete what is left of the operator`
      : `${unknown(name)}: GET /apis/apps.emqx.io was answered with ${status} ${message}`.trim(),
  )
}

/** Notes that the operator is there: from now on the cluster is used again with it. */
export async function markOurs(kube: KubeApi, { dir, name, operator }: Adopting): Promise<void> {
  const adopted: Adopted = { uid: await uidOf(kube, name), operator }
  const file = fileOf(dir, name)
  mkdirSync(dir, { recursive: true })
  writeFileSync(`${file}.unfinished`, JSON.stringify(adopted))
  renameSync(`${file}.unfinished`, file)
}

const unknown = (name: string) => `it is not known whether the kind cluster ${name} has an EMQX Operator`

const asked = <T>(name: string, answer: Promise<T>): Promise<T> =>
  answer.catch((cause: unknown) => {
    throw new WeirError('WEIR_KIND', `${unknown(name)}: ${messageOf(cause)}`, { cause })
  })

async function uidOf(kube: KubeApi, name: string): Promise<string> {
  const { metadata } = await asked(name, kube.get(resources.namespaces, undefined, 'kube-system'))
  return metadata.uid ?? ''
}

function adoptedBefore(dir: string, name: string): Adopted | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(dir, name), 'utf8')) as Adopted
  } catch {
    return undefined
  }
}
