import { connect, type Socket } from 'node:net'
import { generate, type IConnectPacket, type Packet, type Parser, parser } from 'mqtt-packet'
import { until } from './until.ts'

/** An MQTT client of packets and bytes: it answers nothing by itself, so that a test sees everything. */
export class RawClient {
  readonly socket: Socket
  readonly packets: Packet[] = []
  readonly #parser: Parser
  readonly #version: 4 | 5
  #bytes = Buffer.alloc(0)
  /** The server sent FIN. */
  ended = false
  closed = false
  error: NodeJS.ErrnoException | undefined

  constructor(socket: Socket, version: 4 | 5) {
    this.socket = socket
    this.#version = version
    this.#parser = parser({ protocolVersion: version })
    this.#parser.on('packet', (packet) => this.packets.push(packet))
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#parser.parse(chunk)
    })
    socket.on('end', () => {
      this.ended = true
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error
    })
    socket.on('close', () => {
      this.closed = true
    })
  }

  /** Everything received, as hex. */
  get hex(): string {
    return this.#bytes.toString('hex')
  }

  send(packet: Packet): void {
    this.socket.write(generate(packet, { protocolVersion: this.#version }))
  }

  of<C extends Packet['cmd']>(command: C): Extract<Packet, { cmd: C }>[] {
    return this.packets.filter((packet) => packet.cmd === command) as Extract<Packet, { cmd: C }>[]
  }

  /** The packets of a kind, once there are `count` of them. */
  async wait<C extends Packet['cmd']>(command: C, count = 1): Promise<Extract<Packet, { cmd: C }>[]> {
    await until(
      () => this.of(command).length >= count,
      () => ({ command, count, got: this.packets }),
    )
    return this.of(command)
  }

  async subscribe(topic: string, qos: 0 | 1 | 2 = 0): Promise<void> {
    const before = this.of('suback').length
    this.send({ cmd: 'subscribe', messageId: 60_000 + before, subscriptions: [{ topic, qos }] })
    await this.wait('suback', before + 1)
  }

  close(): void {
    this.socket.destroy()
  }
}

export type ConnectOptions = Partial<Omit<IConnectPacket, 'cmd' | 'protocolVersion'>> & {
  version?: 4 | 5
  port?: number
}

/** Connects and sends CONNECT; resolves at once, before the CONNACK. */
export function dial(host: string, { version = 5, port = 1883, ...options }: ConnectOptions = {}): RawClient {
  const client = new RawClient(connect({ host, port }), version)
  client.send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: version,
    clean: true,
    clientId: 'raw',
    keepalive: 0,
    ...options,
  })
  return client
}

/** Connects and waits for the CONNACK. */
export async function join(host: string, options: ConnectOptions = {}): Promise<RawClient> {
  const client = dial(host, options)
  await client.wait('connack')
  return client
}
