/** A mosquitto on loopback that keeps nothing and forbids nothing, for benchmarks. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { accepts } from '../fleet/resolve-target.ts'

/** Debian puts it where only administrators look. */
const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin`
const READY_MS = 10_000

export interface SinkBroker {
  port: number
  pid: number
  /** What the broker itself says ($SYS), the client that asks included. */
  clientsConnected(): Promise<number>
  /** Sockets of clients that the kernel lists for its process. */
  sockets(): number
  stop(): Promise<void>
}

export async function startSinkBroker(): Promise<SinkBroker> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'weir-sink-'))
  const file = join(folder, 'mosquitto.conf')
  // Started by root it would become another user.
  const user = process.getuid?.() === 0 ? ['user root'] : []
  const lines = [
    ...user,
    'persistence false',
    'allow_anonymous true',
    'sys_interval 1',
    `listener ${port} 127.0.0.1`,
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const child = spawn('mosquitto', ['-c', file], { stdio: 'ignore', env: { ...process.env, PATH } })
  const kill = () => child.kill()
  process.once('exit', kill)
  const exited = once(child, 'exit')
  const deadlineMs = performance.now() + READY_MS
  while (!(await accepts('127.0.0.1', port))) {
    if (child.exitCode !== null || performance.now() > deadlineMs) throw new Error('mosquitto does not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const pid = child.pid!
  await untilQuiet(pid)
  const own = socketsOf(pid)
  return {
    port,
    pid,
    clientsConnected: () => askClientsConnected(port),
    sockets: () => socketsOf(pid) - own,
    async stop() {
      process.off('exit', kill)
      kill()
      await exited
      rmSync(folder, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

function socketsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:')
    } catch {
      return false
    }
  }).length
}

/** The connection that looked whether it is up is still being closed: until its number of sockets no longer falls. */
async function untilQuiet(pid: number): Promise<void> {
  for (let before = Number.POSITIVE_INFINITY, now = socketsOf(pid); now < before; now = socketsOf(pid)) {
    before = now
    await new Promise((resolve) => setTimeout(resolve, 1500))
  }
}

/** The topic is retained and published anew when it has changed: the second or later message counts the one that asks. */
async function askClientsConnected(port: number): Promise<number> {
  const client = await connectAsync({ host: '127.0.0.1', port, protocolVersion: 5 })
  try {
    const said: number[] = []
    client.on('message', (_topic, payload) => said.push(Number(payload)))
    await client.subscribeAsync('$SYS/broker/clients/connected')
    await new Promise((resolve) => setTimeout(resolve, 4000))
    return said.at(-1)!
  } finally {
    await client.endAsync()
  }
}
