import type uPlot from 'uplot'
import { clock } from './clock.ts'
import type { PageData } from './page.ts'
import { type Placed, placeLabels } from './place-labels.ts'

const ROW_PX = 16

/** Names of the run's moments at the top of a chart, each a link to its event in the timeline. Returns what places them. */
export function momentLabels(data: PageData): (chart: uPlot) => void {
  const moments = data.flags.filter(({ kind }) => kind === 'moment')
  const links = moments.map(({ at, text, event }) => {
    const link = document.createElement('a')
    link.className = 'moment'
    link.textContent = text
    link.title = `${text}, ${clock(at, data.hasTrigger)}`
    if (event !== undefined) link.href = `#event-${event}`
    return link
  })
  return (chart) => {
    if (!links[0]?.isConnected) chart.over.append(...links)
    for (const link of links) link.hidden = false
    const width = chart.over.clientWidth
    const labels = moments.map(({ at, isTrigger = false }, index) => ({
      at: chart.valToPos(at, 'x'),
      width: links[index]!.offsetWidth,
      isFirst: isTrigger,
    }))
    for (const [index, place] of placeLabels(labels, width).entries()) put(links[index]!, place)
  }
}

function put(link: HTMLElement, place: Placed | undefined): void {
  link.hidden = place === undefined
  if (!place) return
  link.style.left = `${place.left}px`
  link.style.top = `${place.row * ROW_PX}px`
}
