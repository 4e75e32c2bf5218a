import type { RunRecord } from '#weir/record/index.ts'
import { type RunView, viewOf } from '#weir/record/view/index.ts'
import { once } from '../evidence/once.ts'
import { scrapeClockOffsets } from '../evidence/scrape-clock.ts'
import { uncertainEnds, withoutUncertainEnds } from '../evidence/uncertain-ends.ts'
import { watchLag } from '../evidence/watch-lag.ts'
import { SECOND } from '../evidence/wording.ts'
import { MESSAGES } from '../messages/index.ts'
import { otherPodClocks } from './fleet-readings.ts'

const text = MESSAGES.verdict
const { settle } = MESSAGES

/** Another way to read the same record, which its facts allow. A failure that is none in one of them is not proved. */
export interface Reading {
  view: () => RunView
  /** What may have happened, as a clause. */
  why: string
  settle: string
  /** True when it says something only of assertions that count evictions. */
  ofEvictions?: boolean
}

/** The readings of a record besides the plain one. A watch, a scrape or a client's end may not mean what it seems to. */
export function readingsOf(view: RunView): Reading[] {
  return [endsOfThePath(view), ...scrapeClocks(view), lateWatches(view), ...podClocks(view)].filter(
    (one) => one !== undefined,
  )
}

/** A client that gave up waiting, or whose connection was reset, may have lost the path to its node and not the node. */
function endsOfThePath(view: RunView): Reading | undefined {
  const uncertain = uncertainEnds(view)
  if (uncertain.size === 0) return undefined
  return {
    view: once(() => withoutUncertainEnds(view, uncertain)),
    why: text.uncertainEnds({ ends: uncertain.size, all: view.evictions.length }),
    settle: text.uncertainEndsSettle,
    ofEvictions: true,
  }
}

function scrapeClocks(view: RunView): Reading[] {
  return scrapeClockOffsets(view).map((offsetNs) => {
    const late = () => view.record.scrapes.map((scrape) => ({ ...scrape, t: scrape.t + offsetNs }))
    return reading(
      () => ({ ...view.record, scrapes: late() }),
      text.scrapeClock({ ns: offsetNs }),
      settle.clocks,
    )
  })
}

const WATCHED = new Set(['set', 'pod', 'endpoints', 'cr', 'watch'])

function lateWatches(view: RunView): Reading | undefined {
  const lagNs = watchLag(view)
  if (lagNs < SECOND) return undefined
  const earlier = () =>
    view.record.events
      .map((event) => (WATCHED.has(event.type) ? { ...event, t: event.t - lagNs } : event))
      .sort((a, b) => a.t - b.t)
  return reading(
    () => ({ ...view.record, events: earlier() }),
    text.lateWatches({ ns: lagNs }),
    settle.watches,
  )
}

const podClocks = (view: RunView): Reading[] =>
  otherPodClocks(view).map(({ clients, errorMs }) =>
    reading(
      () => ({ ...view.record, clients: clients() }),
      text.podClocks({ ms: errorMs }),
      text.podClocksSettle,
    ),
  )

const reading = (record: () => RunRecord, why: string, resolve: string): Reading => ({
  view: once(() => viewOf(record())),
  why,
  settle: resolve,
})
