import type { Connection, ConnectionOwner, Route } from './connection.ts'
import { nodeHandles } from './node-handles.ts'
import { dialHandle } from './tcp-handle.ts'
import { dialStream } from './tcp-stream.ts'

const handles = nodeHandles()

/** Plain TCP: on bare handles where Node has them (two thirds cheaper), on its sockets elsewhere. */
export function dialTcp<C>(client: C, owner: ConnectionOwner<C>, route: Route): Connection<C> {
  return handles ? dialHandle(handles, client, owner, route) : dialStream(client, owner, route)
}
