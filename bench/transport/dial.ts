import type { TransportSpec } from '../types.ts'
import type { Dial } from './connection.ts'
import { dialTcp } from './tcp.ts'
import { dialTls } from './tls.ts'
import { dialWebSocket } from './websocket/dial.ts'

/** How a fleet connects; make one per thread. Throws WEIR_USAGE for invalid certificates and keys. */
export function dialFor<C>(spec: TransportSpec | undefined): Dial<C> {
  switch (spec?.protocol) {
    case undefined:
    case 'mqtt':
      return dialTcp
    case 'mqtts':
      return dialTls(spec.tls)
    case 'ws':
      return dialWebSocket(dialTcp, 'ws', spec.webSocket)
    case 'wss':
      return dialWebSocket(dialTls(spec.tls), 'wss', spec.webSocket)
  }
}
