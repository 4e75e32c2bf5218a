import { createServer, type Server, type Socket } from 'node:net'
import type { Pod } from '#weir/cluster/kubernetes/kinds.ts'
import { resources } from '#weir/cluster/kubernetes/resources.ts'
import type { KubeApi } from '#weir/cluster/kubernetes/types.ts'
import { messageOf } from '#weir/errors/index.ts'
import { holdBlock } from '../../embedded/block.ts'
import type { EmqxCluster, EmqxNode } from '../../emqx/index.ts'
import { bootstrapCredentials } from '../../kubelet/bootstrap.ts'
import { environmentOf, identityOf } from '../../kubelet/emqx-pod.ts'
import { readImage } from '../../kubelet/image.ts'
import { AddressPool } from '../../kubelet/index.ts'
import { listen } from '../../runtime/listen.ts'

/** As the kubelet of the embedded cluster has it. */
const BOOT_MS = 4000
const TERMINATE_MS = 1500
const CONTAINER = 'emqx'

export interface HubOptions {
  cluster: EmqxCluster
  /** An address of this machine that pods reach. */
  host: string
  log(line: string): void
  /** From the start of a pod to its node's; a test's is shorter. */
  bootMs?: number
}

export interface Hub {
  /** host:port */
  address: string
  /** Where this process reaches the node of a pod; the pod's own address where it has none. */
  ownAddressOf(podIp: string): string
  close(): Promise<void>
}

/**
 * Serves emulated EMQX nodes to pods of a real cluster: all nodes are in this process, as in the embedded cluster, and the program emqx-pod
 * in each pod passes its connections on. It speaks in lines.
 *
 *     node POD ADDRESS                  from a pod that starts; answered by "listen PORT…" when the node serves, "error TEXT"
 *     terminate                         from the same, on SIGTERM; answered by "exit CODE"
 *     connection POD ADDRESS PORT       from a pod with a new client; answered by one byte, after which the connection is the client's
 */
export async function startHub(
  kube: KubeApi,
  { cluster, host, log, bootMs = BOOT_MS }: HubOptions,
): Promise<Hub> {
  const nodes = new Map<string, EmqxNode>()
  const sockets = new Set<Socket>()
  // Their listeners are open on loopback too, for an emulated operator.
  const block = await holdBlock()
  const addresses = new AddressPool(block.podPrefix)
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    firstLine(socket, (line) => {
      const [word, pod = '', ip = '', last = ''] = line.split(' ')
      if (word === 'connection') serve(socket, nodes.get(`${pod} ${ip}`), Number(last))
      else if (word === 'node') void run(socket, pod, ip)
      else socket.destroy()
    })
  })

  async function run(control: Socket, name: string, ip: string) {
    const say = (line: string) => control.write(`${line}\n`)
    const key = `${name} ${ip}`
    const boot = new AbortController()
    let node: EmqxNode | undefined
    const end = (reason: string) => boot.abort(new Error(reason))
    control.once('close', () => {
      end('the pod is gone')
      node?.kill()
      if (nodes.get(key) === node) nodes.delete(key)
    })
    eachLine(control, (line) => {
      if (line !== 'terminate') return
      end('the pod is being deleted')
      if (node === undefined) say('exit 0')
      else
        node.terminate().then(
          () => say('exit 0'),
          () => say('exit 1'),
        )
    })
    try {
      const pod = await podNamed(kube, name)
      const container = pod.spec.containers.find((one) => one.name === CONTAINER) ?? pod.spec.containers[0]!
      const version = readImage(container.image).emqxVersion
      if (version === undefined) throw new Error(`${container.image} is no EMQX that can be emulated`)
      const emqx = { pod, env: environmentOf(pod, container, ip) }
      const credentials = await bootstrapCredentials(kube, emqx, container)
      if ('missing' in credentials) throw new Error(`secret "${credentials.missing}" not found`)
      const times = { bootMs, terminateMs: TERMINATE_MS, signal: boot.signal }
      boot.signal.throwIfAborted()
      const own = addresses.take()
      control.once('close', () => addresses.free(own))
      const { env } = emqx
      node = await cluster.startNode({ ...identityOf(emqx), env, ip: own, version, credentials, ...times })
      nodes.set(key, node)
      say(`listen ${node.core.listeners.map((listener) => listener.port).join(' ')}`)
    } catch (error) {
      if (boot.signal.aborted) return
      log(`pod ${name}: ${messageOf(error)}`)
      say(`error ${messageOf(error)}`)
      say('exit 1')
    }
  }

  try {
    await listen(server, host, 0, 'the emulated EMQX nodes')
  } catch (error) {
    await block.release()
    throw error
  }
  const { port } = server.address() as { port: number }
  return {
    address: `${host}:${port}`,
    ownAddressOf: (podIp) => [...nodes].find(([key]) => key.endsWith(` ${podIp}`))?.[1].ip ?? podIp,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
      await block.release()
    },
  }
}

function serve(socket: Socket, node: EmqxNode | undefined, port: number): void {
  if (node === undefined) return void socket.destroy()
  socket.write('+')
  node.accept(socket, port)
}

/** A name that several namespaces have is refused: emulated nodes have no other way to say who they are. */
async function podNamed(kube: KubeApi, name: string): Promise<Pod> {
  const { items } = await kube.list<Pod>(resources.pods, { fieldSelector: `metadata.name=${name}` })
  if (items.length !== 1) throw new Error(`${items.length} pods have the name ${name}`)
  return items[0]!
}

const LONGEST = 512

/** Calls back once with the first line. The other side sends nothing behind it before it is answered. */
function firstLine(socket: Socket, act: (line: string) => void): void {
  let text = ''
  const onData = (chunk: Buffer): void => {
    text += chunk.toString('latin1')
    if (text.length > LONGEST) socket.destroy()
    if (!text.includes('\n')) return
    socket.off('data', onData)
    act(text.slice(0, text.indexOf('\n')))
  }
  socket.on('data', onData)
}

function eachLine(socket: Socket, act: (line: string) => void): void {
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    const lines = (text + chunk.toString('latin1')).split('\n')
    text = lines.pop() ?? ''
    for (const line of lines) act(line)
  })
}
