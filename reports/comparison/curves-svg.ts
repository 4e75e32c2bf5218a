import type { RunView } from '#weir/record/view/index.ts'
import { type TimeAxis, timeAxis } from '../series/axis.ts'
import { clientsOffline } from '../series/offline.ts'
import { perSecondPeaks } from '../series/rate.ts'
import { COMPARISON_TEXTS as texts } from '../texts/index.ts'
import { across, chartSvg, tick, up } from './frame.ts'

const MOST_TICKS = 8

export interface Curve {
  side: 'base' | 'now'
  seconds: readonly number[]
  values: readonly number[]
}

interface Side {
  base: readonly RunView[]
  now: readonly RunView[]
}

/** Curves of the runs of both sides over each other, from the moment of the change. */
export const CHARTS: {
  id: 'offline' | 'attempts'
  of: (run: RunView, axis: TimeAxis) => readonly number[]
}[] = [
  { id: 'offline', of: (run, axis) => clientsOffline(run, axis).counts },
  {
    id: 'attempts',
    of: (run, axis) => perSecondPeaks(run.attempts, axis),
  },
]

export function curvesSvg(chart: (typeof CHARTS)[number], { base, now }: Side): string {
  const curve = (side: Curve['side']) => (run: RunView) => {
    const axis = timeAxis(run)
    return { side, seconds: axis.seconds, values: chart.of(run, axis) }
  }
  return drawCurves(texts[chart.id], [...base.map(curve('base')), ...now.map(curve('now'))].map(fromChange))
}

/** Curves over each other on one scale, from second 0. */
export function drawCurves(chart: { title: string; unit: string }, curves: readonly Curve[]): string {
  const lastSecond = Math.max(1, ...curves.map(({ seconds }) => seconds.at(-1) ?? 0))
  const most = Math.max(1, ...curves.flatMap(({ values }) => values))
  const x = (second: number) => across(second / lastSecond)
  const y = (value: number) => up(value / most)
  return chartSvg(`${chart.title}, at most ${most} ${chart.unit}`, most, [
    ...ticks(lastSecond).map((second) => tick(x(second), `+${second} s`)),
    ...curves.map(({ side, seconds, values }) =>
      line(
        side,
        seconds.map((second, i) => [x(second), y(values[i]!)]),
      ),
    ),
  ])
}

/** Without what was before the change. */
function fromChange({ side, seconds, values }: Curve): Curve {
  const first = seconds.findIndex((second) => second >= 0)
  return { side, seconds: seconds.slice(first), values: values.slice(first) }
}

function ticks(lastSecond: number): number[] {
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600].find(
    (one) => lastSecond / one <= MOST_TICKS,
  )
  const every = step ?? lastSecond / MOST_TICKS
  return Array.from({ length: Math.floor(lastSecond / every) + 1 }, (_, i) => i * every)
}

const line = (side: Curve['side'], points: readonly (readonly [number, number])[]) =>
  `<polyline class="${side}" points="${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}"/>`
