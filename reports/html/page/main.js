import { onSchemeChange } from './colours.js'
import { connectionsChart } from './connections-chart.js'
import { evidenceGuide, happeningElement } from './evidence.js'
import { figuresTable } from './figures-table.js'
import { chartKeys } from './keyboard.js'
import { burstChart, healthChart, offlineChart, ratesChart } from './line-charts.js'
import { membershipChart } from './membership-chart.js'
import { makeToolbar } from './toolbar.js'
import { makeTimeWindow } from './window.js'

const CHARTS = {
  connections: connectionsChart,
  rates: ratesChart,
  burst: burstChart,
  offline: offlineChart,
  membership: membershipChart,
  health: healthChart,
}

const data = JSON.parse(document.getElementById('page-data').textContent)
const page = { data, timeWindow: makeTimeWindow({ from: data.from, to: data.to }), selected: undefined }

for (const [id, make] of Object.entries(CHARTS)) {
  const host = document.querySelector(`[data-chart="${id}"]`)
  const made = make(page, host, document.querySelector(`[data-legend="${id}"]`))
  const details = document.querySelector(`[data-figures="${id}"]`)
  if (made) {
    figuresTable(page, details, made)
    chartKeys(page, host, made.chart)
  } else {
    host.remove()
    details.remove()
  }
}

makeToolbar(page, document.getElementById('toolbar'))
document.getElementById('happenings').append(...data.happenings.map((it) => happeningElement(data, it)))
onSchemeChange(() => page.timeWindow.redraw())
evidenceGuide(page)
