import type uPlot from 'uplot'
import type { Page } from './page.ts'

/** What a mouse does with a chart, for a keyboard: arrows move the cursor, plus and minus zoom, 0 shows everything. */
export function chartKeys(page: Page, host: HTMLElement, chart: uPlot): void {
  host.addEventListener('keydown', (event) => {
    const action = ACTIONS[event.key]
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    action(page, chart, event)
  })
}

const ACTIONS: Record<string, (page: Page, chart: uPlot, event: KeyboardEvent) => void> = {
  ArrowLeft: (page, chart, event) => move(page, chart, event.shiftKey ? -10 : -1),
  ArrowRight: (page, chart, event) => move(page, chart, event.shiftKey ? 10 : 1),
  Home: (page, chart) => place(chart, page.timeWindow.state.from),
  End: (page, chart) => place(chart, page.timeWindow.state.to),
  '+': (page) => page.timeWindow.zoom(0.5),
  '=': (page) => page.timeWindow.zoom(0.5),
  '-': (page) => page.timeWindow.zoom(2),
  0: (page) => page.timeWindow.showAll(),
  Escape: (page) => page.timeWindow.showAll(),
}

function move(page: Page, chart: uPlot, steps: number): void {
  const { from, to } = page.timeWindow.state
  const left = chart.cursor.left
  const at = left == null || left < 0 ? from : chart.posToVal(left, 'x')
  const step = (to - from) / 200
  place(chart, Math.min(Math.max(at + steps * step, from), to))
}

/** uPlot's types leave out the last argument: it moves the cursors of the other charts too, as a mouse does. */
type SetCursor = (at: { left: number; top: number }, fires: boolean, publishes: boolean) => void

function place(chart: uPlot, at: number): void {
  const setCursor: SetCursor = chart.setCursor
  setCursor({ left: chart.valToPos(at, 'x'), top: 10 }, true, true)
}
