import type { Downtime, DowntimeBin } from '../series/downtime.ts'
import { durationOf } from '../text/time.ts'
import { CHART_TEXTS as texts } from '../texts/index.ts'

const WIDTH = 640
const HEIGHT = 220
const MARGIN = { left: 48, right: 14, top: 20, bottom: 40 }
const PLOT_WIDTH = WIDTH - MARGIN.left - MARGIN.right
const PLOT_HEIGHT = HEIGHT - MARGIN.top - MARGIN.bottom
const MOST_TICKS = 9

/** How long clients were away, as bars over a logarithmic axis: drawn here, so that it needs no script. */
export function downtimeSvg({ bins, percentiles }: Downtime): string {
  const shown = widened(bins)
  const fromMs = shown[0]!.fromMs
  const toMs = shown.at(-1)!.toMs
  const most = Math.max(...shown.map(({ count }) => count))
  const x = (ms: number) => MARGIN.left + (Math.log(ms / fromMs) / Math.log(toMs / fromMs)) * PLOT_WIDTH
  const y = (count: number) => MARGIN.top + PLOT_HEIGHT * (1 - count / most)
  return [
    `<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="downtime-text">`,
    ...countLines(most, y),
    ...shown.filter(({ count }) => count > 0).map((bin) => bar(bin, x, y)),
    ...timeTicks(fromMs, toMs, x),
    ...percentileLines(percentiles, fromMs, toMs, x),
    `<text class="axis-label" x="${MARGIN.left + PLOT_WIDTH / 2}" y="${HEIGHT - 4}" text-anchor="middle">${texts.axis}</text>`,
    '</svg>',
  ].join('\n')
}

/** A single spike gets neighbours, so that one can see where on the axis it stands. */
function widened(bins: readonly DowntimeBin[]): DowntimeBin[] {
  const first = bins[0]!
  const last = bins.at(-1)!
  const ratio = first.toMs / first.fromMs
  const before = [2, 1].map((steps) => emptyBin(first.fromMs / ratio ** steps, ratio))
  const after = [0, 1].map((steps) => emptyBin(last.toMs * ratio ** steps, ratio))
  return [...before, ...bins, ...after]
}

const emptyBin = (fromMs: number, ratio: number): DowntimeBin => ({ fromMs, toMs: fromMs * ratio, count: 0 })

function bar(
  { fromMs, toMs, count }: DowntimeBin,
  x: (ms: number) => number,
  y: (count: number) => number,
): string {
  const left = x(fromMs) + 1
  const top = Math.min(y(count), MARGIN.top + PLOT_HEIGHT - 1)
  const title = texts.bar({ clients: count, from: durationOf(fromMs * 1e6), to: durationOf(toMs * 1e6) })
  return `<rect class="bar" x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${(x(toMs) - left).toFixed(1)}" height="${(MARGIN.top + PLOT_HEIGHT - top).toFixed(1)}"><title>${title}</title></rect>`
}

function countLines(most: number, y: (count: number) => number): string[] {
  const counts = [...new Set([0, Math.round(most / 2), most])]
  return counts.map(
    (count) =>
      `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(count).toFixed(1)}" y2="${y(count).toFixed(1)}"/>` +
      `<text class="tick" x="${MARGIN.left - 6}" y="${(y(count) + 4).toFixed(1)}" text-anchor="end">${count}</text>`,
  )
}

function timeTicks(fromMs: number, toMs: number, x: (ms: number) => number): string[] {
  const within = tickTimes(fromMs, toMs)
  const step = Math.ceil(within.length / MOST_TICKS)
  return within
    .filter((_, index) => index % step === 0)
    .map(
      (ms) =>
        `<text class="tick" x="${x(ms).toFixed(1)}" y="${MARGIN.top + PLOT_HEIGHT + 16}" text-anchor="middle">${durationOf(ms * 1e6)}</text>`,
    )
}

const MANTISSAS = [1, 2, 5]

/** 1, 2, 5, 10, 20 … over a wide range; equal steps over a narrow one, where those would be too few. */
function tickTimes(fromMs: number, toMs: number): number[] {
  const steps: number[] = []
  for (let power = 1; power <= toMs; power *= 10) steps.push(...MANTISSAS.map((mantissa) => mantissa * power))
  if (toMs / fromMs > 8) return steps.filter((ms) => ms >= fromMs && ms <= toMs)
  const step = steps.find((ms) => (toMs - fromMs) / ms <= MOST_TICKS) ?? toMs
  const first = Math.ceil(fromMs / step)
  return Array.from({ length: Math.floor(toMs / step) - first + 1 }, (_, index) => (first + index) * step)
}

/** The median and the 99th percentile; lines that would touch share one label. */
function percentileLines(
  percentiles: Downtime['percentiles'],
  fromMs: number,
  toMs: number,
  x: (ms: number) => number,
): string[] {
  const wanted = percentiles.filter(
    ({ percentile, ms }) => [50, 99].includes(percentile) && ms >= fromMs && ms <= toMs,
  )
  const lines: string[] = []
  let lastX = Number.NEGATIVE_INFINITY
  for (const { percentile, ms } of wanted) {
    const at = x(ms)
    lines.push(
      `<line class="percentile" x1="${at.toFixed(1)}" x2="${at.toFixed(1)}" y1="${MARGIN.top}" y2="${MARGIN.top + PLOT_HEIGHT}"/>`,
    )
    if (at - lastX > 40)
      lines.push(
        `<text class="tick" x="${at.toFixed(1)}" y="${MARGIN.top - 6}" text-anchor="middle">${percentile === 50 ? texts.median : `p${percentile}`}</text>`,
      )
    lastX = at
  }
  return lines
}
