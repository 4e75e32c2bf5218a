/** The figures of a run: what is compared between runs, and shown first. The only list of them. */

/** Which way is better for clients and for the cluster. */
export type Better = 'lower' | 'higher'

export interface FigureDefinition {
  title: string
  /** Empty for a ratio. */
  unit: 's' | '/s' | 'clients' | 'attempts' | 'evictions' | 'messages' | 'sessions' | ''
  better: Better
}

const of = (title: string, unit: FigureDefinition['unit'], better: Better = 'lower'): FigureDefinition => ({
  title,
  unit,
  better,
})

export const FIGURES = {
  took: of('time from the change to its end', 's'),
  firstEviction: of('first eviction after the Service’s switch', 's'),
  downtimeP50: of('downtime of a client, median', 's'),
  downtimeP95: of('downtime of a client, 95th percentile', 's'),
  downtimeP99: of('downtime of a client, 99th percentile', 's'),
  downtimeMax: of('longest downtime of a client', 's'),
  offlinePeak: of('clients offline at once', 'clients'),
  attemptsBurst: of('attempts ahead of the permitted rate', 'attempts'),
  evictionsBurst: of('evictions of one node ahead of its rate', 'evictions'),
  attemptsPeak: of('attempts within one second', '/s'),
  slowestDrain: of('evictions a second of the slowest drain', '/s', 'higher'),
  attemptsPerEviction: of('attempts for each eviction', ''),
  refusals: of('refused attempts', 'attempts'),
  deliveryP99: of('delivery of a message, 99th percentile', 's'),
  acknowledgeP99: of('acknowledgement of a message, 99th percentile', 's'),
  probeGap: of('longest gap of the service as the probe saw it', 's'),
  messagesLost: of('messages lost', 'messages'),
  messagesDuplicated: of('messages duplicated without a reason', 'messages'),
  messagesOvertaken: of('messages that a later one overtook', 'messages'),
  sessionsLost: of('sessions lost', 'sessions'),
  clientsLost: of('clients that never came back', 'clients'),
} as const satisfies Record<string, FigureDefinition>

export type FigureId = keyof typeof FIGURES

export const FIGURE_IDS = Object.keys(FIGURES) as FigureId[]

export const isFigureId = (id: string): id is FigureId => Object.hasOwn(FIGURES, id)

/** A figure of one run. */
export interface Figure {
  /** In `unit`; null where the record does not show it. */
  value: number | null
  unit: FigureDefinition['unit']
  better: Better
  /** The least or most that the scenario's assertion allows. Absent: it is held to nothing. */
  bound?: number
  /** How far the value is on the right side of the bound, in `unit`; negative beyond it. */
  margin?: number
}

export type Figures = Record<FigureId, Figure>
