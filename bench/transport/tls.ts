import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect, type SecureContext } from 'node:tls'
import type { ClientCertificate, TlsSpec } from '../types.ts'
import type { Connection, ConnectionOwner, Dial, Route } from './connection.ts'
import { type OwnedSocket, onread, tellBytes, tellOwner } from './owned-socket.ts'
import { secureContext, uncheckedContext } from './secure-context.ts'

/** A TLS socket that knows its client, and where to put the tickets that its server gives. */
interface TlsConnection extends OwnedSocket {
  tickets: Tickets
}

/** TLS 1.2 and 1.3 over TCP, verified unless the spec says otherwise. Throws WEIR_USAGE for invalid certificates and keys. */
export function dialTls<C>(spec: TlsSpec = {}): Dial<C> {
  const book = new TicketBook()
  const identities = new Identities(spec)
  const shared = {
    secureContext: secureContext(spec),
    rejectUnauthorized: spec.insecure !== true,
    allowHalfOpen: true,
    onread,
    ...(spec.alpn && { ALPNProtocols: [...spec.alpn] }),
  }
  return (client, owner, route) => {
    const own = route.certificate && identities.of(route.certificate)
    const tickets = (own?.book ?? book).of(route)
    const returns = route.returning === true && spec.resume !== false
    const { address, port, localAddress, preamble } = route
    // TLS over a socket that has its first bytes to send already.
    const carrier = preamble && carrierOf(route, preamble)
    const socket = connect({
      ...shared,
      ...(own && { secureContext: own.context }),
      host: address,
      port,
      localAddress,
      ...(carrier && { socket: carrier }),
      servername: serverName(spec, route),
      session: returns ? tickets.last : undefined,
    } as ConnectionOptions) as unknown as TlsConnection & Connection<C>
    socket.client = client
    socket.owner = owner as ConnectionOwner<unknown>
    socket.tickets = tickets
    tellOwner(socket, 'secureConnect')
    if (carrier) {
      tellBytes(socket)
      carrier.on('error', (error) => socket.destroy(error))
    }
    // A server may take a ticket once only, so those who use one bring a new one.
    if (returns || (spec.resume !== false && !tickets.last)) socket.on('session', onSession)
    return socket
  }
}

/** TCP that sends `preamble` before what TLS writes on it. */
function carrierOf({ address, port, localAddress }: Route, preamble: Buffer): Socket {
  const carrier = connectTcp({
    host: address,
    port,
    allowHalfOpen: true,
    ...(localAddress !== undefined && { localAddress }),
  })
  carrier.write(preamble)
  return carrier
}

/** RFC 6066 §3: an address is not a server name. Without one the certificate is checked for the address. */
function serverName({ servername }: TlsSpec, { host }: Route): string {
  return servername ?? (isIP(host) ? '' : host)
}

function onSession(this: TlsConnection, ticket: Buffer): void {
  this.tickets.last = ticket
}

/** The last session ticket of one target, with which reconnecting clients resume (RFC 8446 §2.2). */
interface Tickets {
  last: Buffer | undefined
}

/** A client's own certificate: its context, and its tickets, as a session that is resumed has the identity of the one before it. */
interface Identity {
  context: SecureContext
  book: TicketBook
}

class Identities {
  readonly #spec: TlsSpec
  readonly #known = new WeakMap<ClientCertificate, Identity>()

  constructor(spec: TlsSpec) {
    this.#spec = spec
  }

  of(certificate: ClientCertificate): Identity {
    const known = this.#known.get(certificate)
    if (known) return known
    const identity = { context: uncheckedContext({ ...this.#spec, ...certificate }), book: new TicketBook() }
    this.#known.set(certificate, identity)
    return identity
  }
}

/** One ticket a target serves all its clients: one for each of them would cost more than the rest of the client. */
class TicketBook {
  readonly #tickets = new Map<string, Tickets>()

  of({ address, port }: Route): Tickets {
    const target = `${address} ${port}`
    const known = this.#tickets.get(target)
    if (known) return known
    const tickets: Tickets = { last: undefined }
    this.#tickets.set(target, tickets)
    return tickets
  }
}
