import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const LOOK_EVERY_MS = 10
/** mosquitto notices the end of the connection that looked for its port within this. */
const SETTLE_MS = 300

/** A mosquitto on loopback that every peer is measured against: the same broker, with nothing stored and nothing forbidden. */
export class Sink {
  readonly port: number
  readonly #directory: string
  #process: ChildProcess | undefined
  /** Descriptors without any client. */
  #ownDescriptors = 0

  private constructor(port: number, directory: string) {
    this.port = port
    this.#directory = directory
  }

  /** Starts it on a free port. Throws when mosquitto is not installed. */
  static async start(): Promise<Sink> {
    const port = await freePort()
    const directory = mkdtempSync(join(tmpdir(), 'weir-compare-'))
    const lines = [
      `listener ${port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence false',
      'log_type error',
      'max_inflight_messages 0',
      'max_queued_messages 0',
    ]
    writeFileSync(join(directory, 'mosquitto.conf'), `${lines.join('\n')}\n`)
    const sink = new Sink(port, directory)
    await sink.open()
    await sink.settle()
    return sink
  }

  /** Starts the broker, the first time or again, and waits until it accepts. */
  async open(): Promise<void> {
    const child = spawn('mosquitto', ['-c', join(this.#directory, 'mosquitto.conf')], { stdio: 'ignore' })
    this.#process = child
    let failure: Error | undefined
    child.on('error', (error) => (failure = error))
    while (!(await accepts(this.port))) {
      if (failure) throw new Error(`mosquitto does not start (${failure.message}): install it`)
      if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`)
      await pause(LOOK_EVERY_MS)
    }
  }

  /** The first time: looks what the broker holds open while nobody is connected. */
  async settle(): Promise<void> {
    let before = -1
    for (;;) {
      this.#ownDescriptors = descriptors(this.#process!.pid!)
      if (this.#ownDescriptors === before) return
      before = this.#ownDescriptors
      await pause(SETTLE_MS)
    }
  }

  /** Connections that the broker holds now, by its own descriptors: no peer can flatter itself. */
  connections(): number {
    return descriptors(this.#process!.pid!) - this.#ownDescriptors
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
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => settle(true))
    socket.on('error', () => settle(false))
  })
}
