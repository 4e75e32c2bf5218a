import type { Connection } from '../connection.ts'
import { BINARY, CLOSE } from './opcode.ts'
import type { FrameState } from './read-frames.ts'
import type { Upgrade } from './upgrade.ts'
import { frame } from './write-frame.ts'

/** Normal closure (RFC 6455 §7.4.1). */
const NORMALLY = Buffer.from([0x03, 0xe8])

/** A WebSocket over any connection. Each write is one message of one binary frame. */
export class WebSocketConnection<C> implements Connection<C>, FrameState {
  client: C | null
  carrier!: Connection<WebSocketConnection<C>>
  /** Null once the handshake is done. */
  upgrade: Upgrade | null
  left = 0
  inMessage = false
  held: Buffer | null = null

  constructor(client: C, upgrade: Upgrade) {
    this.client = client
    this.upgrade = upgrade
  }

  get writableLength(): number {
    return this.carrier.writableLength
  }

  write(bytes: Buffer): void {
    this.carrier.write(frame(BINARY, bytes))
  }

  end(last: Buffer): void {
    this.carrier.end(Buffer.concat([frame(BINARY, last), frame(CLOSE, NORMALLY)]))
  }

  destroy(): void {
    this.carrier.destroy()
  }
}
