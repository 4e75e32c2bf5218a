import { createServer } from 'node:net'
import { WeirError } from '#weir/errors/index.ts'
import { listen } from '../runtime/listen.ts'

/** The addresses of one testbed. They belong to the loopback network, so several testbeds can use the same ports. */
export interface AddressBlock {
  /** API server, node, webhooks. */
  nodeIp: string
  /** Pods get .2 to .254 of the same network. */
  podPrefix: string
  clusterIpPrefix: string
  loadBalancerPrefix: string
}

const TRIES = 64
const NETWORKS_A_BLOCK = 4
/** 127.0.x.x is used by other programs. */
const FIRST_A = 16
const LAST_A = 250

export function blockAt(index: number): AddressBlock {
  const blocksOfA = 256 / NETWORKS_A_BLOCK
  const a = FIRST_A + (Math.floor(index / blocksOfA) % (LAST_A - FIRST_A + 1))
  const b = (index % blocksOfA) * NETWORKS_A_BLOCK
  const prefix = (offset: number) => `127.${a}.${b + offset}.`
  return {
    nodeIp: `${prefix(0)}1`,
    podPrefix: prefix(0),
    clusterIpPrefix: prefix(1),
    loadBalancerPrefix: prefix(2),
  }
}

/** Where the API server of an embedded cluster listens on its own address: what marks its block as taken. */
export const API_PORT = 6443

/** True when nobody listens on the port of this address. Rejects with WEIR_TESTBED when this user may not. */
export function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return resolve(false)
      const why = `this machine does not let weir listen on ${host}:${port} (${error.code})`
      reject(
        new WeirError('WEIR_TESTBED', `${why}: the embedded cluster needs all of 127.0.0.0/8`, {
          cause: error,
        }),
      )
    })
    server.listen(port, host, () => server.close(() => resolve(true)))
  })
}

/** The first block from `start` on whose API server port is free. Throws WEIR_ADDRESS_IN_USE. */
export async function chooseBlock(start: number, port: number): Promise<AddressBlock> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const block = blockAt(start + tries * 37)
    if (await canListen(block.nodeIp, port)) return block
  }
  throw new WeirError(
    'WEIR_ADDRESS_IN_USE',
    `port ${port} is taken on ${TRIES} loopback addresses from ${blockAt(start).nodeIp} on: end old testbeds with "weir testbed down"`,
  )
}

/**
 * What `use` makes of the first free block from `start` on; where another testbed took that in between, of the next. Throws
 * WEIR_ADDRESS_IN_USE.
 */
export async function onFreeBlock<T>(
  use: (block: AddressBlock) => Promise<T>,
  start = process.pid,
  port = API_PORT,
): Promise<T> {
  for (let from = start; ; from += 1) {
    const block = await chooseBlock(from, port)
    try {
      return await use(block)
    } catch (error) {
      const isTaken = error instanceof WeirError && error.code === 'WEIR_ADDRESS_IN_USE'
      if (!isTaken || from === start + TRIES) throw error
    }
  }
}

export interface HeldBlock extends AddressBlock {
  release(): Promise<void>
}

/**
 * A free block, for a testbed without an API server in it: what listens on that port in its place keeps others away until it is released.
 * Throws WEIR_ADDRESS_IN_USE.
 */
export const holdBlock = (start = process.pid, port = API_PORT): Promise<HeldBlock> =>
  onFreeBlock(
    async (block) => {
      const server = createServer((socket) => socket.destroy())
      await listen(server, block.nodeIp, port, 'a testbed')
      return { ...block, release: () => new Promise<void>((resolve) => server.close(() => resolve())) }
    },
    start,
    port,
  )
