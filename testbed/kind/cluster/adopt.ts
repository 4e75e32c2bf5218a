import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { WeirError } from '#weir/errors/index.ts'
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

const fileOf = (dir: string, name: string) => join(dir, `adopted-${name}.json`)

/**
 * A run replaces the spec of the resource that its scenario names, and two operators would change the same pods: a cluster with EMQX's
 * definitions is used only where weir has installed them, at an earlier adoption. Throws WEIR_KIND.
 */
export async function mustBeOurs(kube: KubeApi, { dir, name }: { dir: string; name: string }): Promise<void> {
  const { metadata } = await kube.get(resources.namespaces, undefined, 'kube-system')
  if (adoptedBefore(dir, name) === metadata.uid) return
  const { status } = await kube.raw('GET', '/apis/apps.emqx.io')
  if (status === 200)
    throw new WeirError(
      'WEIR_KIND',
      `the kind cluster ${name} has an EMQX Operator already, which weir did not install: run on its EMQX with --kubeconfig`,
    )
  const file = fileOf(dir, name)
  mkdirSync(dir, { recursive: true })
  writeFileSync(`${file}.unfinished`, JSON.stringify({ uid: metadata.uid }))
  renameSync(`${file}.unfinished`, file)
}

function adoptedBefore(dir: string, name: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(fileOf(dir, name), 'utf8')) as { uid: string }).uid
  } catch {
    return undefined
  }
}
