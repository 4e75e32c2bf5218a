import { createReadStream } from 'node:fs'
import { WeirError } from '#weir/errors/index.ts'
import { run } from '../command.ts'
import type { Engine } from '../engine.ts'

/** kind's own label on the containers of its nodes. */
const LABEL = 'io.x-k8s.kind.cluster'

export interface ClusterNode {
  /** Of the container, in full. */
  id: string
  name: string
  isRunning: boolean
}

/** The containers of a kind cluster, whoever made it. */
export async function nodesOf({ env }: Engine, cluster: string): Promise<ClusterNode[]> {
  const format = '{{.ID}} {{.Names}} {{.State}}'
  const args = ['ps', '--all', '--no-trunc', '--filter', `label=${LABEL}=${cluster}`, '--format', format]
  const text = await run('docker', args, { env, what: 'the containers of kind cannot be listed' })
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', name = '', state] = line.split(' ')
      return { id, name, isRunning: state === 'running' }
    })
}

/**
 * The mount by which containers are known as those of one making of a cluster: a folder that kind's nodes have anyway, at a path that no
 * other has.
 */
export const markOf = (token: string): string => `/weir/${token}`

/** The full ids of the containers of that making, also of those that are being made. */
export async function markedNodes({ env }: Engine, token: string): Promise<string[]> {
  const args = ['ps', '--all', '--no-trunc', '--quiet', '--filter', `volume=${markOf(token)}`]
  const text = await run('docker', args, { env, what: "the containers of weir's cluster cannot be listed" })
  return text.split('\n').filter((line) => line !== '')
}

/** With their volumes. Those that are gone already are as good. */
export async function removeNodes({ env }: Engine, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await run('docker', ['rm', '--force', '--volumes', ...ids], {
    env,
    what: `the containers ${ids.map((id) => id.slice(0, 12)).join(', ')} cannot be removed`,
  }).catch((error: Error) => {
    if (!/No such container/i.test(error.message)) throw error
  })
}

/** Gives every node the images of an archive: nothing is pulled. */
export async function loadImages(
  { env }: Engine,
  nodes: readonly ClusterNode[],
  archive: string,
): Promise<void> {
  for (const { name } of nodes) {
    const args = ['exec', '--interactive', name, 'ctr', '--namespace', 'k8s.io', 'images', 'import', '-']
    const what = `the node ${name} does not take the image ${archive}`
    await run('docker', args, { env, input: createReadStream(archive), what })
  }
}

/** Which of the containers run; undefined when docker does not say. */
export async function runningOf(
  { env }: Engine,
  nodes: readonly ClusterNode[],
): Promise<Set<string> | undefined> {
  const args = ['ps', '--no-trunc', '--quiet']
  try {
    const text = await run('docker', args, { env, what: 'the containers of kind cannot be listed' })
    const ids = new Set(text.trim().split('\n'))
    return new Set(nodes.map(({ id }) => id).filter((id) => ids.has(id)))
  } catch {
    return undefined
  }
}

/** This machine's address on the network of the nodes. */
export async function gatewayOf({ env }: Engine): Promise<string> {
  const what = "the network of the kind clusters has no address of this machine's"
  const args = ['network', 'inspect', NETWORK, '--format', '{{range .IPAM.Config}}{{.Gateway}} {{end}}']
  const text = await run('docker', args, { env, what })
  const gateway = text.split(/\s+/).find((one) => /^\d+\.\d+\.\d+\.\d+$/.test(one))
  if (gateway === undefined)
    throw new WeirError('WEIR_KIND', `${what}: remove it with "docker network rm kind"`)
  return gateway
}

/** kind has one for all of its clusters. */
const NETWORK = 'kind'

export const hasNetwork = ({ env }: Engine): Promise<boolean> =>
  run('docker', ['network', 'inspect', NETWORK], { env, what: 'no network' }).then(
    () => true,
    () => false,
  )

/** Unless a container of another cluster uses it, or did and is stopped. */
export async function removeNetwork({ env }: Engine): Promise<void> {
  const what = 'no list of the containers in the network'
  const users = await run('docker', ['ps', '--all', '--quiet', '--filter', `network=${NETWORK}`], {
    env,
    what,
  }).catch(() => 'unknown')
  if (users.trim() !== '') return
  await run('docker', ['network', 'rm', NETWORK], { env, what: 'the network stays' }).catch(() => {})
}
