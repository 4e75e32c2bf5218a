import type { Prediction } from '#weir/model/index.ts'
import { renderPrediction } from '#weir/reports/index.ts'
import { type Planned, planNotes, planRows } from './text.ts'

const MOST_POINTS = 700

/** A page with the curves of the update and of a rolling one over each other. */
export function planPage(planned: Planned): string {
  const { blueGreen, rolling, clients } = planned
  const chart = (title: string, unit: string, of: keyof Prediction['series']) => ({
    title,
    unit,
    curves: [
      { side: 'base' as const, ...points(rolling.series[of]) },
      { side: 'now' as const, ...points(blueGreen.series[of]) },
    ],
  })
  return renderPrediction({
    title: `Predicted update of ${clients} clients`,
    names: { base: 'rolling update', now: 'blue-green update' },
    charts: [
      chart('Clients offline', 'clients', 'offline'),
      chart('Attempts in each second', 'attempts', 'attempts'),
    ],
    rows: planRows(planned),
    notes: planNotes(planned),
  })
}

/** Few enough points to draw: each the most of the seconds that it stands for. */
function points(values: readonly number[]): { seconds: number[]; values: number[] } {
  const every = Math.max(1, Math.ceil(values.length / MOST_POINTS))
  const seconds = Array.from({ length: Math.ceil(values.length / every) }, (_, i) => i * every)
  return {
    seconds,
    values: seconds.map((from) =>
      values.slice(from, from + every).reduce((most, one) => Math.max(most, one), 0),
    ),
  }
}
