import type uPlot from 'uplot'
import type { EvidenceData } from '../evidence-data.ts'
import type { PageData } from '../page-data.ts'
import type { TimeWindow } from './window.ts'

export type { EvidenceData, PageData }
export type NodeData = PageData['nodes'][number]
export type TimelineData = PageData['timeline'][number]

/** A stretch of time in seconds, as the page's data counts. */
export interface Span {
  from: number
  to: number
}

/** What the parts of the page share. */
export interface Page {
  data: PageData
  timeWindow: TimeWindow
  /** The evidence that the reader has opened. */
  selected: EvidenceData | undefined
}

/** What a chart gives to the table of its figures and to the keyboard. */
export interface MadeChart {
  chart: uPlot
  columns: { label: string; values: readonly (number | null | undefined)[] }[]
  /** Where the figures are not columns over time. */
  table?: () => Table
}

export interface Table {
  head: string[]
  rows: string[][]
}

/** Draws a chart into its place; undefined where the record has nothing to draw. */
export type MakeChart = (page: Page, host: HTMLElement, legendHost: HTMLElement) => MadeChart | undefined
