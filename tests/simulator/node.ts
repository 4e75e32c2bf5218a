import type { Evacuation, EvacuationState } from '#weir/facts/index.ts'

export type SimRole = 'core' | 'replicant' | undefined

/** What a node is from the start. */
interface Made {
  pod: string
  name: string
  set: string
  side: 'old' | 'new'
  role: SimRole
  ordinal: number
  version: string
  hasLiveGauge: boolean
  ip?: string
}

/** An EMQX node: who is on it, what it says, and how far its evacuation is. */
export class SimNode {
  readonly pod: string
  readonly name: string
  readonly set: string
  readonly side: 'old' | 'new'
  readonly role: SimRole
  readonly ordinal: number
  readonly version: string
  readonly hasLiveGauge: boolean
  readonly ip?: string
  /** Clients connected, in the order in which they came; and sessions whose client is gone. */
  readonly connected = new Set<number>()
  readonly parked = new Set<number>()
  joined = false
  stopped = false
  /** Its pod is ready, is being deleted, and is gone, as Kubernetes has it. */
  isReady = false
  isLeaving = false
  isGone = false
  /** What its gauges show: they are renewed every two seconds, each node at its own time. */
  shown = { channels: 0, live: 0 }
  frozen = false
  evacuation?: {
    state: EvacuationState
    recipients: string[]
    initialConnected: number
    initialSessions: number
  }
  /** Clients that it goes on listing though they have moved. */
  readonly ghosts = new Set<number>()

  constructor(made: Made) {
    this.pod = made.pod
    this.name = made.name
    this.set = made.set
    this.side = made.side
    this.role = made.role
    this.ordinal = made.ordinal
    this.version = made.version
    this.hasLiveGauge = made.hasLiveGauge
    if (made.ip !== undefined) this.ip = made.ip
  }

  get sessions(): number {
    return this.connected.size + this.parked.size
  }

  renewGauges(lieFactor: number): void {
    if (this.frozen) return
    this.shown = {
      channels: Math.round(this.sessions * lieFactor),
      live: Math.round(this.connected.size * lieFactor),
    }
  }

  told(rates: { connEvictRate: number; sessEvictRate: number }): Evacuation[] {
    if (!this.evacuation || this.stopped) return []
    return [
      {
        node: this.name,
        state: this.evacuation.state,
        connectionEvictionRate: rates.connEvictRate,
        sessionEvictionRate: rates.sessEvictRate,
        recipients: this.evacuation.recipients,
        initialConnected: this.evacuation.initialConnected,
        initialSessions: this.evacuation.initialSessions,
        currentConnected: this.connected.size,
        // As measured on real nodes: it stands still until sessions are evicted.
        currentSessions: ['evicting_sessions', 'prohibiting'].includes(this.evacuation.state)
          ? this.sessions
          : this.evacuation.initialSessions,
      },
    ]
  }
}
