/**
 * What one idle connection of a transport costs its client: the figures of docs/transports.md. The server is another process.
 *
 * usage: node --expose-gc tests/bench/transport/cost.ts <mqtt|mqtts|ws|wss> [ws-package]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { createServer as createTcp, type Server } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { WebSocket, WebSocketServer } from 'ws'
import type { ConnectionOwner } from '#weir/bench/transport/connection.ts'
import { dialFor } from '#weir/bench/transport/dial.ts'
import type { TransportProtocol } from '#weir/bench/types.ts'
import { Authority, type Identity } from '../brokers/certificates.ts'

const WARM_UP = 100
const CONNECTIONS = 3000
const IN_FLIGHT = 32
const HOST = '127.0.0.1'

const [protocol, variant] = process.argv.slice(2) as [TransportProtocol, string | undefined]
const identity = process.env.WEIR_COST_IDENTITY

if (identity) await serve(JSON.parse(identity) as Identity)
else await measure()

async function serve({ cert, key }: Identity): Promise<void> {
  const quiet = (socket: { on(event: 'error', listener: () => void): unknown; resume?(): void }) => {
    socket.on('error', () => undefined)
    socket.resume?.()
  }
  const web = (server: ReturnType<typeof createHttp>) => {
    new WebSocketServer({ server, handleProtocols: () => 'mqtt' }).on('connection', quiet)
    return server
  }
  const makers: Record<TransportProtocol, () => Server> = {
    mqtt: () => createTcp(quiet),
    mqtts: () => createTls({ cert, key }, quiet),
    ws: () => web(createHttp()),
    wss: () => web(createHttps({ cert, key })),
  }
  const server = makers[protocol]().listen({ port: 0, host: HOST, backlog: 1024 })
  await once(server, 'listening')
  console.log((server.address() as { port: number }).port)
}

async function measure(): Promise<void> {
  const authority = await Authority.create()
  const own = await authority.issue('server')
  const server = spawn(process.execPath, [import.meta.filename, protocol], {
    env: { ...process.env, WEIR_COST_IDENTITY: JSON.stringify(own) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(server.stdout, 'data')
  const open = variant === 'ws-package' ? byPackage(Number(line), own.ca) : byDial(Number(line), own.ca)
  const held: unknown[] = []
  await openAll(WARM_UP, open, held)
  const [memory, cpu] = [settledBytes(), process.cpuUsage()]
  await openAll(CONNECTIONS, open, held)
  const { user, system } = process.cpuUsage(cpu)
  await new Promise((resolve) => setTimeout(resolve, 300))
  const kibibytes = (settledBytes() - memory) / 1024 / CONNECTIONS
  const milliseconds = (user + system) / 1000 / CONNECTIONS
  console.log(
    `${protocol}${variant ? ` (${variant})` : ''}: ${milliseconds.toFixed(2)} ms, ${kibibytes.toFixed(1)} KiB a connection (${held.length} open)`,
  )
  server.kill()
  process.exit(0)
}

type Open = (done: () => void) => unknown

function byDial(port: number, ca: string): Open {
  const fail = (_: unknown, error?: Error) => {
    throw error ?? new Error('the server closed')
  }
  const owner: ConnectionOwner<() => void> = {
    onConnect: (done) => done(),
    onBytes: () => undefined,
    onFin: fail,
    onError: fail,
    onSocketGone: () => undefined,
  }
  const secure = protocol === 'mqtts' || protocol === 'wss'
  const dial = dialFor<() => void>({ protocol, ...(secure ? { tls: { ca } } : {}) })
  return (done) => dial(done, owner, { address: HOST, host: HOST, port })
}

function byPackage(port: number, ca: string): Open {
  return (done) => {
    const socket = new WebSocket(`${protocol}://${HOST}:${port}/mqtt`, 'mqtt', {
      ca,
      perMessageDeflate: false,
    })
    return socket.on('open', done).on('message', () => undefined)
  }
}

async function openAll(count: number, open: Open, held: unknown[]): Promise<void> {
  let begun = 0
  const openNext = async (): Promise<void> => {
    while (begun++ < count) await new Promise<void>((done) => held.push(open(done)))
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, openNext))
}

function settledBytes(): number {
  globalThis.gc!()
  return process.memoryUsage().rss
}
