import type uPlot from 'uplot'
import { clock, wallClock } from './clock.ts'
import { filled } from './filled.ts'
import type { Page, Span } from './page.ts'

export type TimeWindow = ReturnType<typeof makeTimeWindow>

/** The stretch of time that all charts show, and the charts that follow it. */
export function makeTimeWindow(full: Span) {
  const charts: uPlot[] = []
  const listeners: ((shown: Span) => void)[] = []
  const state = { from: full.from, to: full.to }
  const shortest = Math.min(0.5, full.to - full.from)

  function show(from: number, to: number) {
    const length = Math.min(Math.max(to - from, shortest), full.to - full.from)
    const middle = (from + to) / 2
    state.from = Math.min(Math.max(middle - length / 2, full.from), full.to - length)
    state.to = state.from + length
    for (const chart of charts) chart.setScale('x', { min: state.from, max: state.to })
    for (const listener of listeners) listener(state)
  }

  return {
    state,
    full,
    show,
    showAll: () => show(full.from, full.to),
    zoom(factor: number) {
      const middle = (state.from + state.to) / 2
      const half = ((state.to - state.from) * factor) / 2
      show(middle - half, middle + half)
    },
    pan(share: number) {
      const by = (state.to - state.from) * share
      show(state.from + by, state.to + by)
    },
    follow: (chart: uPlot) => charts.push(chart),
    onChange: (listener: (shown: Span) => void) => listeners.push(listener),
    redraw() {
      for (const chart of charts) chart.redraw(false, true)
    },
    charts,
  }
}

/** Buttons for the common time window, and what it shows at the moment. */
export function makeToolbar(page: Page, host: HTMLElement): void {
  const { timeWindow, data } = page
  const { texts } = data
  const upgrade = data.flags.find((flag) => flag.isTrigger)
  const buttons: [text: string, act: () => void, label?: string][] = [
    [texts.wholeRun, () => timeWindow.showAll()],
    ...(upgrade
      ? [
          [texts.fromTrigger, () => timeWindow.show(upgrade.at - 2, timeWindow.full.to)] as [
            string,
            () => void,
          ],
        ]
      : []),
    ['◂', () => timeWindow.pan(-0.5), texts.earlier],
    ['▸', () => timeWindow.pan(0.5), texts.later],
    ['+', () => timeWindow.zoom(0.5), texts.zoomIn],
    ['−', () => timeWindow.zoom(2), texts.zoomOut],
  ]
  for (const [text, act, label] of buttons) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = text
    if (label) {
      button.setAttribute('aria-label', label)
      button.title = label
    }
    button.addEventListener('click', act)
    host.append(button)
  }
  const shown = document.createElement('output')
  host.append(shown)
  const show = ({ from, to }: Span) => {
    const [first, last] = [from, to].map((at) => clock(at, data.hasTrigger))
    const [began, ended] = [from, to].map((at) => wallClock(data.originUnixMs + at * 1000))
    const spans = [
      filled(texts.span, { from: first!, to: last! }),
      filled(texts.span, { from: began!, to: ended! }),
    ]
    shown.textContent = `${spans[0]} (${spans[1]} UTC)`
  }
  timeWindow.onChange(show)
  show(timeWindow.state)
}
