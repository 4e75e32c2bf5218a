import type uPlot from 'uplot'
import { colour, type LineStyle, nodeStyles } from './colours.ts'
import type { MakeChart, PageData } from './page.ts'
import { type LegendEntry, makeLegend } from './readout.ts'
import { stateWord } from './shading.ts'
import { timeChart, valuesAtCursor } from './time-chart.ts'

/** Connections per node: lines from the clients, marks from the scrapes, and the slope that the rate permits. */
export const connectionsChart: MakeChart = (page, host, legendHost) => {
  const { data } = page
  const { texts } = data
  const styles = nodeStyles(data.nodes)
  const scraped = data.connections.scraped.map(withBestGauge)
  const shown = { permitted: data.permitted.length > 0, best: scraped.length > 0, channels: false }
  const lines: (LegendEntry & { values: readonly (number | null)[] })[] = [
    ...data.nodes.map((node, index) => ({
      ...styles[index]!,
      label: node.label,
      title: node.pod,
      values: data.connections.perNode[index]!,
    })),
    ...(data.connections.unknown
      ? [
          {
            colourName: 'ink-soft',
            dash: [2, 3],
            width: 1.5,
            label: texts.nodeUnknown,
            values: data.connections.unknown,
          },
        ]
      : []),
    ...(data.connections.lost
      ? [
          {
            colourName: 'trouble',
            dash: [2, 3],
            width: 1.5,
            label: texts.clientsUnknown,
            values: data.connections.lost,
          },
        ]
      : []),
    {
      colourName: 'ink',
      dash: [1, 3],
      width: 1.5,
      label: texts.all,
      values: data.connections.total,
      shown: false,
    },
  ]
  const series = lines.map((line) => ({
    label: line.label,
    show: line.shown !== false,
    stroke: () => colour(line.colourName),
    width: line.width,
    dash: line.dash,
    points: { show: false },
  }))
  const all: (LegendEntry & { key: keyof typeof shown; there: boolean })[] = [
    {
      key: 'permitted',
      kind: 'line',
      colourName: 'bound',
      dash: [7, 4],
      label: texts.lowest,
      there: data.permitted.length > 0,
    },
    { key: 'best', kind: 'ring', colourName: 'ink', label: texts.scraped, there: scraped.length > 0 },
    {
      key: 'channels',
      kind: 'cross',
      colourName: 'ink',
      label: texts.channels,
      there: scraped.some(({ isLive }) => isLive),
    },
  ]
  const extras = all.filter(({ there }) => there).map((extra) => ({ ...extra, shown: shown[extra.key] }))
  const kinds = [...new Set(data.bands.map(({ kind }) => kind))]
  const patches = kinds.map(
    (kind): LegendEntry => ({
      kind: 'patch',
      fixed: true,
      colourName: `band-${kind}`,
      label: stateWord(data, kind),
    }),
  )
  const chart = timeChart(page, host, {
    series,
    columns: [data.seconds, ...lines.map(({ values }) => values)],
    height: 340,
    yRange: (_chart, _min, max) => [0, Math.max(max ?? 0, 1) * 1.16],
    yLabel: texts.connections,
    named: true,
    drawOver: (it) => drawMarks(it, { slopes: data.permitted, scraped, styles, shown }),
    onCursor: (it) => showValues(valuesAtCursor(it)),
  })
  const showValues = makeLegend(legendHost, [...lines, ...extras, ...patches], (index, on) => {
    const extra = extras[index - lines.length]
    if (!extra) return chart.setSeries(index + 1, { show: on })
    shown[extra.key] = on
    chart.redraw(false)
  })
  return { chart, columns: lines.map(({ label, values }) => ({ label, values })) }
}

type Scraped = PageData['connections']['scraped'][number]

interface Marks {
  slopes: PageData['permitted']
  scraped: readonly ReturnType<typeof withBestGauge>[]
  styles: readonly LineStyle[]
  shown: Record<'permitted' | 'best' | 'channels', boolean>
}

/** The live gauge follows the clients; a version that has none is shown by its channel count. */
function withBestGauge(scraped: Scraped) {
  const isLive = scraped.live.some((value) => value != null)
  return { ...scraped, isLive, best: isLive ? scraped.live : scraped.channels }
}

function drawMarks(chart: uPlot, { slopes, scraped, styles, shown }: Marks): void {
  const { ctx, bbox } = chart
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.setLineDash([])
  if (shown.permitted) drawPermitted(chart, slopes)
  for (const gauges of scraped) {
    if (!chart.series[gauges.node + 1]?.show) continue
    ctx.strokeStyle = colour(styles[gauges.node]!.colourName)
    ctx.lineWidth = 1.4 * devicePixelRatio
    if (shown.best) drawPoints(chart, gauges.seconds, gauges.best, gauges.isLive ? ring : cross)
    if (shown.channels && gauges.isLive) drawPoints(chart, gauges.seconds, gauges.channels, cross)
  }
  ctx.restore()
}

function drawPermitted(chart: uPlot, slopes: PageData['permitted']): void {
  const { ctx } = chart
  ctx.strokeStyle = colour('bound')
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.setLineDash([7 * devicePixelRatio, 4 * devicePixelRatio])
  for (const slope of slopes) {
    ctx.beginPath()
    ctx.moveTo(chart.valToPos(slope.from, 'x', true), chart.valToPos(slope.fromCount, 'y', true))
    ctx.lineTo(chart.valToPos(slope.to, 'x', true), chart.valToPos(slope.toCount, 'y', true))
    ctx.stroke()
  }
  ctx.setLineDash([])
}

/** Marks closer than a few pixels would become a thick line: the ones between are left out. */
function drawPoints(
  chart: uPlot,
  seconds: readonly number[],
  values: readonly (number | null)[],
  draw: (ctx: CanvasRenderingContext2D, x: number, y: number) => void,
): void {
  const { min = 0, max = 0 } = chart.scales.x!
  let lastX = Number.NEGATIVE_INFINITY
  for (let i = 0; i < seconds.length; i++) {
    const [at, value] = [seconds[i]!, values[i]]
    if (value == null || at < min || at > max) continue
    const x = chart.valToPos(at, 'x', true)
    if (x - lastX < 9 * devicePixelRatio) continue
    lastX = x
    draw(chart.ctx, x, chart.valToPos(value, 'y', true))
  }
}

function ring(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  ctx.beginPath()
  ctx.arc(x, y, 3 * devicePixelRatio, 0, 2 * Math.PI)
  ctx.stroke()
}

function cross(ctx: CanvasRenderingContext2D, x: number, y: number): void {
  const size = 3 * devicePixelRatio
  ctx.beginPath()
  ctx.moveTo(x - size, y - size)
  ctx.lineTo(x + size, y + size)
  ctx.moveTo(x + size, y - size)
  ctx.lineTo(x - size, y + size)
  ctx.stroke()
}
