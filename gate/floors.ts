import type { FigureId } from '#weir/facts/index.ts'

/** How much a figure must differ to matter: a share of the baseline's median, or so much in its unit, whichever is more. */
export interface Floor {
  share: number
  absolute: number
}

/** A figure without one is not compared. */
export type Floors = Readonly<Partial<Record<FigureId, Floor>>>

const floor = (share: number, absolute: number): Floor => ({ share, absolute })
/** One more is too many. */
const NONE = floor(0, 0)

/** What holds unless a policy says otherwise. */
export const FLOORS: Readonly<Record<FigureId, Floor>> = {
  took: floor(0.1, 2),
  firstEviction: floor(0.2, 1),
  downtimeP50: floor(0.2, 0.1),
  downtimeP95: floor(0.2, 0.1),
  downtimeP99: floor(0.2, 0.1),
  downtimeMax: floor(0.5, 0.5),
  offlinePeak: floor(0.25, 5),
  attemptsBurst: floor(0.5, 5),
  evictionsBurst: floor(0.5, 2),
  // Whether two bursts share a second is chance.
  attemptsPeak: floor(0.5, 5),
  slowestDrain: floor(0.05, 0),
  attemptsPerEviction: floor(0.05, 0.02),
  refusals: floor(0.5, 5),
  // Of messages that wait for a session's takeover.
  deliveryP99: floor(0.5, 0.2),
  acknowledgeP99: floor(0.5, 0.05),
  probeGap: floor(0.5, 1),
  messagesLost: NONE,
  messagesDuplicated: NONE,
  messagesOvertaken: NONE,
  sessionsLost: NONE,
  clientsLost: NONE,
}
