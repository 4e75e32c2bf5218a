import { isIP, Socket } from 'node:net'
import type { Connection, ConnectionOwner, Route } from './connection.ts'
import { nodeHandles } from './node-handles.ts'
import { type OwnedSocket, onread, tellOwner } from './owned-socket.ts'
import { dialHandle } from './tcp-handle.ts'

const handles = nodeHandles()

/**
 * Plain TCP on bare handles where Node has them, else on sockets. A handle needs an address: names that are not resolved
 * yet go to a socket.
 */
export function dialTcp<C>(client: C, owner: ConnectionOwner<C>, route: Route): Connection<C> {
  return handles && isIP(route.address) !== 0
    ? dialHandle(handles, client, owner, route)
    : dialStream(client, owner, route)
}

/** A TCP socket that knows its client. It has none of a readable stream's buffers. */
class StreamConnection<C> extends Socket implements Connection<C> {
  client: C | null
  readonly owner: ConnectionOwner<C>

  constructor(client: C, owner: ConnectionOwner<C>) {
    // Half-open, so that Node neither answers a FIN with a shutdown(2) nor closes by itself: the owner closes.
    super({ allowHalfOpen: true, onread })
    this.client = client
    this.owner = owner
    tellOwner(this as OwnedSocket, 'connect')
  }
}

/** Plain TCP by Node's public sockets. */
export function dialStream<C>(client: C, owner: ConnectionOwner<C>, route: Route): Connection<C> {
  const socket = new StreamConnection(client, owner)
  const { address, port, localAddress } = route
  socket.connect(localAddress === undefined ? { host: address, port } : { host: address, port, localAddress })
  if (route.preamble) socket.write(route.preamble)
  return socket
}
