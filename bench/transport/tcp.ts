import { isIP } from 'node:net'
import type { Connection, ConnectionOwner, Route } from './connection.ts'
import { nodeHandles } from './node-handles.ts'
import { dialHandle } from './tcp-handle.ts'
import { dialStream } from './tcp-stream.ts'

const handles = nodeHandles()

/**
 * Plain TCP: on bare handles where Node has them (two thirds cheaper), on its sockets elsewhere. A handle wants an address: what a
 * server referred to by name, and DNS has not answered yet, is for a socket to ask.
 */
export function dialTcp<C>(client: C, owner: ConnectionOwner<C>, route: Route): Connection<C> {
  return handles && isIP(route.address) !== 0
    ? dialHandle(handles, client, owner, route)
    : dialStream(client, owner, route)
}
