import type uPlot from 'uplot'
import { colour } from './colours.ts'
import type { PageData, Span } from './page.ts'

export const stateWord = ({ texts }: PageData, kind: string): string => texts.states[kind] ?? kind

/** Pixels of the canvas for a span of seconds, cut to the plot. */
export function spanPixels(chart: uPlot, from: number, to: number) {
  const { left, width } = chart.bbox
  const start = Math.max(chart.valToPos(from, 'x', true), left)
  const end = Math.min(chart.valToPos(to, 'x', true), left + width)
  return { start, end, visible: end > left && start < left + width }
}

/** Shades what the nodes were doing, and the evidence that is open. Drawn under the lines. */
export function drawBands(chart: uPlot, data: PageData, selected: Span | undefined): void {
  const { ctx, bbox } = chart
  ctx.save()
  for (const band of data.bands) {
    const { start, end, visible } = spanPixels(chart, band.from, band.to)
    if (!visible) continue
    ctx.fillStyle = colour(`band-${band.kind}`)
    ctx.fillRect(start, bbox.top, Math.max(end - start, 1), bbox.height)
  }
  if (selected) drawSelected(chart, selected)
  ctx.restore()
}

function drawSelected(chart: uPlot, { from, to }: Span): void {
  const { ctx, bbox } = chart
  const { start, end, visible } = spanPixels(chart, from, to)
  if (!visible) return
  const width = Math.max(end - start, 2 * devicePixelRatio)
  ctx.fillStyle = colour('selected')
  ctx.fillRect(start, bbox.top, width, bbox.height)
  ctx.strokeStyle = colour('selected-edge')
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.setLineDash([])
  ctx.strokeRect(start, bbox.top, width, bbox.height)
}

/** Lines at the run's moments, ticks at deletions and troubles. */
export function drawFlags(chart: uPlot, data: PageData): void {
  const { ctx } = chart
  ctx.save()
  for (const flag of data.flags) {
    const { start, visible } = spanPixels(chart, flag.at, flag.at)
    if (!visible) continue
    if (flag.kind === 'moment') drawMoment(chart, start)
    else drawTick(chart, start, flag.kind)
  }
  ctx.restore()
}

function drawMoment(chart: uPlot, at: number): void {
  const { ctx, bbox } = chart
  ctx.strokeStyle = colour('moment')
  ctx.lineWidth = devicePixelRatio
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(at, bbox.top)
  ctx.lineTo(at, bbox.top + bbox.height)
  ctx.stroke()
  ctx.setLineDash([])
}

/** A small triangle on the time axis: points up for trouble, down for a pod that is deleted. */
function drawTick(chart: uPlot, at: number, kind: string): void {
  const { ctx, bbox } = chart
  const size = 5 * devicePixelRatio
  const base = bbox.top + bbox.height
  ctx.fillStyle = colour(kind === 'trouble' ? 'trouble' : 'ink-soft')
  ctx.beginPath()
  ctx.moveTo(at, kind === 'trouble' ? base - 2 * size : base)
  ctx.lineTo(at - size, kind === 'trouble' ? base : base - 2 * size)
  ctx.lineTo(at + size, kind === 'trouble' ? base : base - 2 * size)
  ctx.closePath()
  ctx.fill()
}
