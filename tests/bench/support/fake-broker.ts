import { createServer, type Server, type Socket } from 'node:net'
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet'
import type { MqttUser } from '#weir/bench/types.ts'

/** One client's connection as the broker sees it. */
export class Visit {
  readonly socket: Socket
  connect!: IConnectPacket
  readonly packets: Packet[] = []

  constructor(socket: Socket) {
    this.socket = socket
  }

  get version(): 4 | 5 {
    return this.connect.protocolVersion === 5 ? 5 : 4
  }

  send(packet: unknown): void {
    this.socket.write(generate(packet as Packet, { protocolVersion: this.version }))
  }

  /** A message that the client acknowledges: then it has read whatever was sent before. */
  sendMessage(): void {
    const message = { topic: 'x', payload: '', qos: 1, messageId: 1, dup: false, retain: false }
    this.send({ cmd: 'publish', ...message })
  }

  accept(sessionPresent = false, properties: Record<string, unknown> = {}): void {
    const result = this.version === 5 ? { reasonCode: 0, properties } : { returnCode: 0 }
    this.send({ cmd: 'connack', sessionPresent, ...result })
  }

  refuse(code: number): void {
    this.send({ cmd: 'connack', sessionPresent: false, reasonCode: code, returnCode: code })
    this.socket.end()
  }
}

/** "Bad User Name or Password": MQTT 5 §3.2.2.2, MQTT 3.1.1 §3.2.2.3. */
const BAD_USER_5 = 0x86
const BAD_USER_311 = 4

/** How a broker answers; each part can be replaced by a test. */
export interface Manners {
  /** The only user that is let in; everybody when left out. */
  user: MqttUser | undefined
  /** Called at accept, before any packet. */
  onSocket(visit: Visit): void
  onConnect(visit: Visit): void
  onPacket(visit: Visit, packet: Packet): void
}

/** A broker of no ambition: it does what a test tells it to, over a real socket, and remembers who said what. */
export class FakeBroker implements Manners {
  readonly visits: Visit[] = []
  readonly sockets = new Set<Socket>()
  user: MqttUser | undefined
  /** Client ids with a session that outlives its connection, and the topics they hold. */
  readonly sessions = new Map<string, Set<string>>()
  #server: Server | undefined
  #port = 0

  static async listen(manners: Partial<Manners> = {}): Promise<FakeBroker> {
    const broker = new FakeBroker()
    Object.assign(broker, manners)
    await broker.open()
    return broker
  }

  get port(): number {
    return this.#port
  }

  get target(): { host: string; port: number } {
    return { host: '127.0.0.1', port: this.#port }
  }

  /** Opens the listener, again on the same port once it has had one. */
  async open(): Promise<void> {
    const server = createServer((socket) => this.#onSocket(socket))
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject)
      server.listen({ port: this.#port, host: '127.0.0.1', backlog: 1024 }, resolve)
    })
    this.#port = (server.address() as { port: number }).port
  }

  /** Stops listening and breaks off every connection. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve))
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  visitsOf(clientId: string): Visit[] {
    return this.visits.filter(({ connect }) => connect.clientId === clientId)
  }

  /** All packets of one kind, over all visits. */
  packets<Cmd extends Packet['cmd']>(cmd: Cmd): (Packet & { cmd: Cmd })[] {
    return this.visits.flatMap((visit) => visit.packets).filter((packet) => packet.cmd === cmd) as (Packet & {
      cmd: Cmd
    })[]
  }

  onSocket(_visit: Visit): void {}

  onConnect(visit: Visit): void {
    if (!this.#knows(visit.connect)) {
      visit.refuse(visit.version === 5 ? BAD_USER_5 : BAD_USER_311)
      return
    }
    const { clientId, clean } = visit.connect
    if (clean) this.sessions.delete(clientId)
    const present = this.sessions.has(clientId)
    if (!clean && !present) this.sessions.set(clientId, new Set())
    visit.accept(present)
  }

  onPacket(visit: Visit, packet: Packet): void {
    if (packet.cmd === 'pingreq') visit.send({ cmd: 'pingresp' })
    else if (packet.cmd === 'disconnect') visit.socket.end()
    else if (packet.cmd === 'subscribe') {
      for (const { topic } of packet.subscriptions) this.sessions.get(visit.connect.clientId)?.add(topic)
      visit.send({
        cmd: 'suback',
        messageId: packet.messageId,
        granted: packet.subscriptions.map(({ qos }) => qos),
      })
    }
  }

  #knows({ username, password }: IConnectPacket): boolean {
    return !this.user || (username === this.user.username && password?.toString() === this.user.password)
  }

  #onSocket(socket: Socket): void {
    const visit = new Visit(socket)
    const reader = parser()
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    // Tests reset connections on purpose.
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => reader.parse(bytes))
    // As brokers close a connection that does not speak MQTT.
    reader.on('error', () => socket.destroy())
    reader.on('packet', (packet) => {
      if (packet.cmd !== 'connect') {
        visit.packets.push(packet)
        this.onPacket(visit, packet)
        return
      }
      visit.connect = packet
      this.visits.push(visit)
      this.onConnect(visit)
    })
    this.onSocket(visit)
  }
}
