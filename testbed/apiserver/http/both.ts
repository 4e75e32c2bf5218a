import http, { type IncomingMessage, type RequestListener } from 'node:http'
import https from 'node:https'
import net, { type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

const TLS_HANDSHAKE = 0x16
const KEEP_ALIVE_MS = 60_000

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/**
 * A server that takes HTTP and HTTPS on one port, told apart by a connection's first byte: curl and fetch may speak
 * plainly, kubectl sends its token over TLS only. A request with an Upgrade header that is not wanted is served as if it
 * had none.
 */
export function serveBoth(
  tls: { key: string; certificate: string },
  listener: RequestListener,
  upgrade: { wanted(request: IncomingMessage): boolean; listener: UpgradeListener },
): { server: net.Server; endAll(): void; closeAll(): void } {
  const common = { keepAliveTimeout: KEEP_ALIVE_MS, shouldUpgradeCallback: upgrade.wanted }
  const plain = http.createServer(common, listener)
  const secure = https.createServer({ key: tls.key, cert: tls.certificate, ...common }, listener)
  for (const server of [plain, secure]) server.on('upgrade', upgrade.listener)
  const sockets = new Set<Socket>()
  const server = net.createServer({ pauseOnConnect: false }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // The client may break off before its first byte.
    socket.on('error', () => socket.destroy())
    socket.once('data', (first: Buffer) => {
      socket.pause()
      socket.unshift(first)
      const chosen = first[0] === TLS_HANDSHAKE ? secure : plain
      chosen.emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  })
  secure.on('tlsClientError', (_, socket) => socket.destroy())
  const endAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    server,
    endAll,
    closeAll() {
      endAll()
      plain.close()
      secure.close()
    },
  }
}
