import uPlot from 'uplot'
import { colour, type LineStyle, nodeStyles } from './colours.ts'
import { filled } from './filled.ts'
import type { MadeChart, MakeChart, Page } from './page.ts'
import { type LegendEntry, makeLegend } from './readout.ts'
import { drawBound, timeChart, valuesAtCursor } from './time-chart.ts'

interface Bound {
  label: string
  value: number
  colourName: string
}

const bound = (label: string, value: number, colourName: string): Bound => ({ label, value, colourName })

interface LineChart {
  seconds: readonly number[]
  lines: (LineStyle & { label: string; values: readonly (number | null)[]; fill?: string })[]
  bounds?: Bound[]
  height?: number
  yLabel: string
  stepped?: boolean
}

/** A chart of plain lines with dashed bounds; `bounds` outside the plot are drawn when they come into it. */
function lineChart(
  page: Page,
  host: HTMLElement,
  legendHost: HTMLElement,
  { seconds, lines, bounds = [], height = 220, yLabel, stepped = false }: LineChart,
): MadeChart {
  const columns = [seconds, ...lines.map(({ values }) => values)]
  const chart = timeChart(page, host, {
    series: lines.map((line) => ({
      label: line.label,
      stroke: () => colour(line.colourName),
      fill: line.fill === undefined ? undefined : () => colour(line.fill!),
      width: line.width ?? 2,
      dash: line.dash,
      points: { show: false },
      paths: stepped ? uPlot.paths.stepped!({ align: -1 }) : undefined,
    })),
    columns,
    height,
    yLabel,
    yRange: (_chart, _min, max) => [0, Math.max(max ?? 0, nearBound(bounds, max ?? 0), 1) * 1.1],
    drawOver: (it) => {
      for (const bound of bounds) drawBound(it, bound.value, bound.colourName)
    },
    onCursor: (it) => showValues(valuesAtCursor(it)),
  })
  const boundEntries = bounds.map((bound): LegendEntry => ({ ...bound, fixed: true, dash: [7, 4] }))
  const showValues = makeLegend(legendHost, [...lines, ...boundEntries], (index, on) =>
    chart.setSeries(index + 1, { show: on }),
  )
  return { chart, columns: lines.map(({ label, values }) => ({ label, values })) }
}

/** The highest bound, unless it lies so far above what was measured that the lines would shrink to the floor. */
function nearBound(bounds: readonly { value: number }[], max: number): number {
  const values = bounds.map(({ value }) => value).filter((value) => value <= Math.max(max, 1) * 6)
  return Math.max(0, ...values)
}

export const ratesChart: MakeChart = (page, host, legendHost) => {
  const { rates, bounds, seconds, texts } = page.data
  return lineChart(page, host, legendHost, {
    seconds,
    stepped: true,
    yLabel: texts.withinSecond,
    lines: [
      {
        label: texts.connectionAttempts,
        colourName: 'attempts',
        fill: 'attempts-fill',
        values: rates.attempts,
      },
      { label: texts.evictions, colourName: 'evictions', width: 1.5, values: rates.evictions },
    ],
    bounds: bounds
      ? [
          bound(
            filled(texts.configuredRate, { rate: bounds.ratePerSecond }),
            bounds.ratePerSecond,
            'ink-soft',
          ),
          bound(
            filled(texts.mostInSecond, { most: Math.round(bounds.attemptsPerSecond + bounds.attemptBurst) }),
            bounds.attemptsPerSecond + bounds.attemptBurst,
            'bound',
          ),
        ]
      : [],
  })
}

/** One line per pod, in the colours of the connections per node. */
export const prometheusChart: MakeChart = (page, host, legendHost) => {
  const { prometheus, nodes } = page.data
  if (!prometheus) return undefined
  const styles = nodeStyles(nodes)
  return lineChart(page, host, legendHost, {
    seconds: prometheus.seconds,
    yLabel: prometheus.expression,
    height: 260,
    lines: prometheus.perNode.map(({ node, values }) => ({
      ...styles[node]!,
      label: nodes[node]!.label,
      values,
    })),
  })
}

export const burstChart: MakeChart = (page, host, legendHost) => {
  const { burst, bounds, seconds, texts } = page.data
  if (!burst || !bounds) return undefined
  return lineChart(page, host, legendHost, {
    seconds,
    stepped: true,
    yLabel: texts.aheadOfRate,
    lines: [
      { label: texts.attempts, colourName: 'attempts', fill: 'attempts-fill', values: burst.attempts },
      { label: texts.evictionsOfNode, colourName: 'evictions', width: 1.5, values: burst.evictions },
    ],
    bounds: [
      bound(
        filled(texts.permittedAttempts, { most: Math.round(bounds.attemptBurst) }),
        bounds.attemptBurst,
        'attempts',
      ),
      bound(
        filled(texts.permittedEvictions, { most: Math.round(bounds.evictionBurst) }),
        bounds.evictionBurst,
        'evictions',
      ),
    ],
  })
}

export const offlineChart: MakeChart = (page, host, legendHost) => {
  const { offline, bounds, seconds, texts } = page.data
  return lineChart(page, host, legendHost, {
    seconds,
    stepped: true,
    yLabel: texts.clientsAxis,
    height: 190,
    lines: [{ label: texts.clientsOffline, colourName: 'offline', fill: 'offline-fill', values: offline }],
    bounds: bounds?.offline
      ? [bound(filled(texts.permittedOffline, { most: bounds.offline }), bounds.offline, 'bound')]
      : [],
  })
}

export const healthChart: MakeChart = (page, host, legendHost) => {
  const { health, bounds, texts } = page.data
  if (health.seconds.length === 0) return undefined
  return lineChart(page, host, legendHost, {
    seconds: health.seconds,
    yLabel: 'ms',
    height: 190,
    lines: [
      { label: texts.loopDelay, colourName: 'attempts', values: health.loopDelayP99Ms },
      { label: texts.scheduleLag, colourName: 'evictions', dash: [6, 3], values: health.scheduleLagP99Ms },
    ],
    bounds: bounds
      ? [
          bound(
            filled(texts.permittedDelay, { most: bounds.loopDelayP99Ms }),
            bounds.loopDelayP99Ms,
            'attempts',
          ),
          bound(
            filled(texts.permittedLag, { most: bounds.scheduleLagP99Ms }),
            bounds.scheduleLagP99Ms,
            'evictions',
          ),
        ]
      : [],
  })
}
