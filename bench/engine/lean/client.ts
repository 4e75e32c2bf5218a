import type { Partial } from '../../codec/packet-stream.ts'
import type { Connection } from '../../transport/connection.ts'
import { FleetClient } from '../lifecycle/fleet-client.ts'
import { NO_LIMITS, type ServerLimits } from '../server-limits.ts'
import type { Inbox } from './inbox.ts'
import type { Publishing } from './publishing.ts'

export class Client extends FleetClient {
  socket: Connection<Client> | null = null
  partial: Partial | null = null
  /** The keep-alive of this connection; 0 means none. */
  keepAliveMs = 0
  /** When the ping was sent that is still unanswered; 0 where there is none. */
  pingedMs = 0
  /** Limits of the server of this connection, or of the last one. */
  limits: ServerLimits = NO_LIMITS
  /** SUBACKs of this connection that have not come; -1 once one of them refused. */
  subacksDue = 0
  /**
   * PUBRELs of this connection beyond one for each message: each brings a PUBCOMP that answers no message. Without bound in a resumed
   * session, where an unknown packet identifier is no error (MQTT 5 §4.13, 0x92).
   */
  surplusReleases = 0
  inbox: Inbox | null = null
  /** Null for a client that does not publish. */
  publishing: Publishing | null = null
}
