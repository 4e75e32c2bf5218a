import { connectionsChart } from './connections-chart.ts'
import { timelineElement } from './evidence.ts'
import { figuresTable } from './figures-table.ts'
import { chartKeys } from './keyboard.ts'
import { burstChart, healthChart, offlineChart, prometheusChart, ratesChart } from './line-charts.ts'
import { membershipChart } from './membership-chart.ts'
import type { Page, PageData } from './page.ts'
import { makeTimeWindow, makeToolbar } from './window.ts'

const CHARTS = {
  connections: connectionsChart,
  prometheus: prometheusChart,
  rates: ratesChart,
  burst: burstChart,
  offline: offlineChart,
  membership: membershipChart,
  health: healthChart,
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector)
export const place = (selector: string) => find(selector)!

/** Draws charts, toolbar and timeline into their places. */
export function drawPage(data: PageData): Page {
  const page: Page = {
    data,
    timeWindow: makeTimeWindow({ from: data.from, to: data.to }),
    selected: undefined,
  }
  for (const [id, make] of Object.entries(CHARTS)) {
    const host = find(`[data-chart="${id}"]`)
    // A record without a Prometheus has no such chart.
    if (!host) continue
    const made = make(page, host, place(`[data-legend="${id}"]`))
    const details = document.querySelector<HTMLDetailsElement>(`[data-figures="${id}"]`)!
    if (made) {
      figuresTable(page, details, made)
      chartKeys(page, host, made.chart)
    } else {
      host.remove()
      details.remove()
    }
  }
  makeToolbar(page, place('#toolbar'))
  place('#timeline').append(...data.timeline.map((it, index) => timelineElement(data, it, `event-${index}`)))
  return page
}
