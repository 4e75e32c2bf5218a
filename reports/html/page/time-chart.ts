import uPlot from 'uplot'
import { clock } from './clock.ts'
import { colour } from './colours.ts'
import { cursorTime } from './cursor-time.ts'
import { momentLabels } from './moment-labels.ts'
import type { Page, PageData } from './page.ts'
import { drawBands, drawFlags } from './shading.ts'

const SYNC = 'weir-run'
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]

interface ChartOptions {
  series: uPlot.Series[]
  /** Seconds first. */
  columns: readonly (readonly (number | null)[])[]
  height: number
  yRange?: (chart: uPlot, min: number, max: number) => [number, number]
  yLabel?: string
  axes?: uPlot.Axis[]
  /** Paints on top of the lines. */
  drawOver?: (chart: uPlot) => void
  /** Shows the names of the moments, as links to their events. */
  named?: boolean
  onCursor?: (chart: uPlot) => void
}

/**
 * A chart on the page's common time axis: the cursor is shared, dragging zooms all, a double click shows everything.
 */
export function timeChart(
  page: Page,
  host: HTMLElement,
  { series, columns, height, yRange, yLabel, axes, drawOver, named = false, onCursor }: ChartOptions,
): uPlot {
  const { data, timeWindow } = page
  const options: uPlot.Options = {
    width: host.clientWidth,
    height: heightFor(host, height),
    series: [{}, ...series],
    scales: {
      x: { time: false, range: () => [timeWindow.state.from, timeWindow.state.to] },
      y: { range: yRange ?? fromZero },
    },
    axes: axes ?? [timeAxis(data), valueAxis(yLabel)],
    legend: { show: false },
    cursor: {
      y: false,
      sync: { key: SYNC, scales: ['x', null] },
      drag: { x: true, y: false, setScale: false, dist: 5 },
      bind: {
        dblclick: () => () => {
          timeWindow.showAll()
          return null
        },
      },
      points: { size: 7 },
    },
    hooks: {
      drawClear: [(chart) => drawBands(chart, data, page.selected)],
      draw: [
        (chart) => drawFlags(chart, data),
        ...(drawOver ? [drawOver] : []),
        ...(named ? [momentLabels(data)] : []),
      ],
      setSelect: [(chart) => zoomToSelection(chart, timeWindow)],
      setCursor: [cursorTime(data), ...(onCursor ? [onCursor] : [])],
    },
  }
  const chart = new uPlot(options, columns as uPlot.AlignedData, host)
  timeWindow.follow(chart)
  new ResizeObserver(() => {
    if (host.clientWidth > 0 && host.clientWidth !== chart.width)
      chart.setSize({ width: host.clientWidth, height: heightFor(host, height) })
  }).observe(host)
  return chart
}

/** The value of each line under the cursor, for the legend; empty where there is none. */
export const valuesAtCursor = ({ data, cursor: { idx } }: uPlot): string[] =>
  data.slice(1).map((values) => (idx == null ? '' : String(values[idx] ?? '')))

function heightFor(host: HTMLElement, height: number): number {
  return host.clientWidth < 560 ? Math.round(height * 0.85) : height
}

function zoomToSelection(chart: uPlot, timeWindow: Page['timeWindow']): void {
  const { left, width } = chart.select
  if (width < 5) return
  timeWindow.show(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'))
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}

function fromZero(_chart: uPlot, _min: number, max: number): [number, number] {
  return [0, max > 0 ? max * 1.08 : 1]
}

const FONT = '12px system-ui, sans-serif'

export function timeAxis(data: PageData): uPlot.Axis {
  return {
    incrs: STEPS,
    size: 30,
    space: 70,
    font: FONT,
    stroke: () => colour('ink-soft'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { stroke: () => colour('grid'), width: 1 },
    values: (_chart, splits, _axis, _space, step) =>
      splits.map((at) => clock(at, data.hasTrigger, step < 1 ? 1 : 0)),
  }
}

export function valueAxis(label: string | undefined): uPlot.Axis {
  return {
    label,
    labelSize: 18,
    labelFont: FONT,
    font: FONT,
    // With its label as wide as the row names of the membership chart, so that all charts stand under one another.
    size: 52,
    stroke: () => colour('ink-soft'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
  }
}

/** Draws a horizontal dashed line for a bound, when it lies within the plot. */
export function drawBound(chart: uPlot, value: number, colourName: string): void {
  const { ctx, bbox } = chart
  const at = chart.valToPos(value, 'y', true)
  if (!(at >= bbox.top && at <= bbox.top + bbox.height)) return
  ctx.save()
  ctx.strokeStyle = colour(colourName)
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.setLineDash([7 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, at)
  ctx.lineTo(bbox.left + bbox.width, at)
  ctx.stroke()
  ctx.restore()
}
