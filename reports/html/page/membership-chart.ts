import type uPlot from 'uplot'
import { clock } from './clock.ts'
import { colour, type LineStyle, nodeStyles } from './colours.ts'
import { filled } from './filled.ts'
import type { MakeChart, PageData, Span, Table } from './page.ts'
import { makeLegend } from './readout.ts'
import { spanPixels, stateWord } from './shading.ts'
import { timeAxis, timeChart } from './time-chart.ts'

type Row = PageData['membership'][number]

const ROW = 30
const STATES = [
  'waiting_health_check',
  'evicting_conns',
  'waiting_takeover',
  'evicting_sessions',
  'prohibiting',
]

/** One row a pod: its life, the Service's membership above, its node's evacuation below. */
export const membershipChart: MakeChart = (page, host, legendHost) => {
  const { data } = page
  const rows = [...data.membership].reverse()
  if (rows.length === 0) return undefined
  const labels = rows.map((row) => data.nodes.find((node) => node.pod === row.pod)?.label ?? row.pod)
  const styles = nodeStyles(data.nodes)
  const chart = timeChart(page, host, {
    series: [{ show: false, points: { show: false } }],
    columns: [data.seconds, data.seconds.map(() => 0)],
    height: rows.length * ROW + 50,
    yRange: () => [0, rows.length],
    axes: [timeAxis(data), rowAxis(labels)],
    drawOver: (it) => {
      rows.forEach((row, index) => {
        drawRow(it, row, index, styles[data.nodes.findIndex((node) => node.pod === row.pod)])
      })
    },
    onCursor: (it) =>
      showValues([
        it.cursor.idx == null ? '' : servingPods(data, rows, labels, it.posToVal(it.cursor.left ?? 0, 'x')),
      ]),
  })
  const used = STATES.filter((state) => rows.some((row) => row.states.some((span) => span.state === state)))
  const showValues = makeLegend(
    legendHost,
    [
      { fixed: true, kind: 'patch', colourName: 'serving', label: data.texts.inService },
      ...used.map((state) => ({
        fixed: true,
        kind: 'patch' as const,
        colourName: `state-${state}`,
        label: stateWord(data, state),
      })),
      { fixed: true, kind: 'patch', colourName: 'terminating', label: data.texts.deleting },
    ],
    () => {},
  )
  return { chart, columns: [], table: () => membershipTable(data) }
}

function rowAxis(labels: readonly string[]): uPlot.Axis {
  return {
    size: 70,
    font: '12px system-ui, sans-serif',
    stroke: () => colour('ink'),
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { show: false },
    splits: () => labels.map((_, index) => index + 0.5),
    values: () => labels.map((label) => (label.length > 8 ? `…${label.slice(-7)}` : label)),
    filter: (_chart, splits) => splits,
  }
}

function drawRow(chart: uPlot, row: Row, index: number, style: LineStyle | undefined): void {
  const { ctx } = chart
  const top = chart.valToPos(index + 0.9, 'y', true)
  const height = chart.valToPos(index + 0.1, 'y', true) - top
  const bar = (span: Span, colourName: string, y: number, tall: number) => {
    const { start, end, visible } = spanPixels(chart, span.from, span.to)
    if (!visible) return
    ctx.fillStyle = colour(colourName)
    ctx.fillRect(start, y, Math.max(end - start, devicePixelRatio), tall)
  }
  ctx.save()
  if (row.terminating) bar(row.terminating, 'terminating', top, height)
  bar(
    row.life,
    style ? style.colourName : 'ink-soft',
    top + height / 2 - devicePixelRatio,
    2 * devicePixelRatio,
  )
  for (const span of row.serving) bar(span, 'serving', top, height * 0.4)
  for (const span of row.states) bar(span, `state-${span.state}`, top + height * 0.6, height * 0.4)
  ctx.restore()
}

function servingPods(
  { texts }: PageData,
  rows: readonly Row[],
  labels: readonly string[],
  at: number,
): string {
  const serving = labels.filter((_, index) =>
    rows[index]!.serving.some(({ from, to }) => from <= at && at < to),
  )
  return serving.length > 0 ? serving.reverse().join(' ') : texts.none
}

function membershipTable(data: PageData): Table {
  const { texts, hasTrigger } = data
  const span = ({ from, to }: Span) =>
    filled(texts.span, { from: clock(from, hasTrigger), to: clock(to, hasTrigger) })
  return {
    head: texts.podColumns,
    rows: data.membership.map((row) => [
      row.pod,
      span(row.life),
      row.serving.map(span).join('; ') || texts.never,
      row.states.map((state) => `${stateWord(data, state.state)} ${span(state)}`).join('; ') || texts.none,
    ]),
  }
}
