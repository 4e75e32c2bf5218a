import type uPlot from 'uplot'
import type { Span } from './page.ts'

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
