import type { RunRecord } from '#weir/record/index.ts'
import { type RunView, viewOf } from '#weir/record/view/index.ts'
import { scrapeClockOffset } from '../evidence/scrape-clock.ts'
import { uncertainEnds, withoutUncertainEnds } from '../evidence/uncertain-ends.ts'
import { watchLag } from '../evidence/watch-lag.ts'
import { SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { otherPodClocks } from './fleet-readings.ts'

const text = MESSAGES.verdict
const { settle } = MESSAGES

/** Another way to read the same record, which its facts allow. A failure that is none in one of them is not proved. */
export interface Reading {
  view: RunView
  /** What may have happened, as a clause. */
  why: string
  settle: string
  /** True when it says something only of assertions that count evictions. */
  ofEvictions?: boolean
}

/** The readings of a record besides the plain one. A watch, a scrape or a client's end may not mean what it seems to. */
export function readingsOf(view: RunView): Reading[] {
  return [
    endsOfThePath(view),
    anotherClock(view),
    lateWatches(view),
    ...otherPodClocks(view).map(({ clients, errorMs }) =>
      reading({ ...view.record, clients }, text.podClocks({ ms: errorMs }), text.podClocksSettle),
    ),
  ].filter((one) => one !== undefined)
}

/** A client that gave up waiting, or whose connection was reset, may have lost the path to its node and not the node. */
function endsOfThePath(view: RunView): Reading | undefined {
  const uncertain = uncertainEnds(view)
  if (uncertain.size === 0) return undefined
  return {
    view: withoutUncertainEnds(view, uncertain),
    why: text.uncertainEnds({ ends: uncertain.size, all: view.evictions.length }),
    settle: text.uncertainEndsSettle,
    ofEvictions: true,
  }
}

function anotherClock(view: RunView): Reading | undefined {
  const offsetNs = scrapeClockOffset(view)
  if (offsetNs === undefined) return undefined
  const scrapes = view.record.scrapes.map((scrape) => ({ ...scrape, t: scrape.t + offsetNs }))
  return reading({ ...view.record, scrapes }, text.scrapeClock({ ns: offsetNs }), settle.clocks)
}

const WATCHED = new Set(['set', 'pod', 'endpoints', 'cr', 'watch'])

function lateWatches(view: RunView): Reading | undefined {
  const lagNs = watchLag(view)
  if (lagNs < SECOND) return undefined
  const events = view.record.events.map((event) =>
    WATCHED.has(event.type) ? { ...event, t: event.t - lagNs } : event,
  )
  events.sort((a, b) => a.t - b.t)
  return reading({ ...view.record, events }, text.lateWatches({ ns: lagNs }), settle.watches)
}

const reading = (record: RunRecord, why: string, resolve: string): Reading => ({
  view: viewOf(record),
  why,
  settle: resolve,
})
