/** A mosquitto on loopback that keeps nothing and forbids nothing, for benchmarks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { accepts } from '#weir/bench/fleet/resolve-target.ts'

/** Debian puts it where only administrators look. */
const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin`
const READY_MS = 10_000
const LOOK_EVERY_MS = 10
/** mosquitto notices within this that the connection which looked for its port has gone. */
const SETTLE_MS = 1500

export class SinkBroker {
  readonly port: number
  readonly #folder: string
  #process: ChildProcess | undefined
  /** Sockets without any client. */
  #ownSockets = 0

  private constructor(port: number) {
    this.port = port
    this.#folder = mkdtempSync(join(tmpdir(), 'weir-sink-'))
    // Started by root it would become another user.
    const user = process.getuid?.() === 0 ? ['user root'] : []
    const lines = [
      ...user,
      'persistence false',
      'allow_anonymous true',
      'log_type error',
      'sys_interval 1',
      'max_inflight_messages 0',
      'max_queued_messages 0',
      `listener ${port} 127.0.0.1`,
    ]
    writeFileSync(join(this.#folder, 'mosquitto.conf'), `${lines.join('\n')}\n`)
    process.once('exit', this.#kill)
  }

  /** Starts it on a free port. Throws when mosquitto is not installed. */
  static async start(): Promise<SinkBroker> {
    const broker = new SinkBroker(await freePort())
    await broker.open()
    await broker.#settle()
    return broker
  }

  get pid(): number {
    return this.#process!.pid!
  }

  /** Starts the process, the first time or again on the same port, and waits until it accepts. */
  async open(): Promise<void> {
    const args = ['-c', join(this.#folder, 'mosquitto.conf')]
    const child = spawn('mosquitto', args, { stdio: 'ignore', env: { ...process.env, PATH } })
    this.#process = child
    let failure: Error | undefined
    child.on('error', (error) => (failure = error))
    const deadlineMs = performance.now() + READY_MS
    while (!(await accepts('127.0.0.1', this.port))) {
      if (failure || child.exitCode !== null || performance.now() > deadlineMs)
        throw new Error(`mosquitto does not start (${failure?.message ?? child.exitCode ?? 'no answer'})`)
      await pause(LOOK_EVERY_MS)
    }
  }

  /** Sockets of clients that the kernel lists for its process: no load generator can flatter itself. */
  sockets(): number {
    return socketsOf(this.pid) - this.#ownSockets
  }

  /** What the broker itself says ($SYS), the client that asks included. */
  async clientsConnected(): Promise<number> {
    const client = await connectAsync({ host: '127.0.0.1', port: this.port, protocolVersion: 5 })
    try {
      const said: number[] = []
      client.on('message', (_topic, payload) => said.push(Number(payload)))
      await client.subscribeAsync('$SYS/broker/clients/connected')
      // The topic is retained and published anew when it has changed: the second or later message counts the one that asks.
      await pause(4000)
      return said.at(-1)!
    } finally {
      await client.endAsync()
    }
  }

  /** As a crash does it: without a word to anybody. */
  async kill(): Promise<void> {
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  async stop(): Promise<void> {
    await this.kill()
    process.off('exit', this.#kill)
    rmSync(this.#folder, { recursive: true })
  }

  /** The connection that looked whether it is up is still being closed: until the number of sockets no longer falls. */
  async #settle(): Promise<void> {
    let before = Number.POSITIVE_INFINITY
    for (let now = socketsOf(this.pid); now < before; now = socketsOf(this.pid)) {
      before = now
      await pause(SETTLE_MS)
    }
    this.#ownSockets = before
  }

  readonly #kill = (): void => {
    this.#process?.kill('SIGKILL')
  }
}

export async function freePort(): Promise<number> {
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
