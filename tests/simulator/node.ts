import type { Evacuation, EvacuationState } from '#weir/record/index.ts'

/** An EMQX node: who is on it, what it says, and how far its evacuation is. */
export class SimNode {
  readonly pod: string
  readonly name: string
  readonly set: string
  readonly ordinal: number
  readonly version: string
  readonly hasLiveGauge: boolean
  /** Clients connected, in the order in which they came; and sessions whose client is gone. */
  readonly connected = new Set<number>()
  readonly parked = new Set<number>()
  joined = false
  stopped = false
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

  constructor(set: string, ordinal: number, version: string, hasLiveGauge: boolean) {
    this.set = set
    this.ordinal = ordinal
    this.version = version
    this.hasLiveGauge = hasLiveGauge
    this.pod = `${set}-${ordinal}`
    this.name = `emqx-ee@${this.pod}.emqx-ee-headless.default.svc.cluster.local`
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
