import type uPlot from 'uplot'
import { clock } from './clock.ts'
import type { MadeChart, Page, Table } from './page.ts'

const MOST_ROWS = 60

/** Fills a chart's table when it is opened: the figures of the window that is shown, at most sixty rows. */
export function figuresTable(
  page: Page,
  details: HTMLDetailsElement,
  { chart, columns, table }: MadeChart,
): void {
  const fill = () => {
    if (!details.open) return
    const { head, rows } = table ? table() : shownFigures(page, chart, columns)
    details.querySelector('.scroll')!.replaceChildren(tableElement(head, rows))
  }
  details.addEventListener('toggle', fill)
  page.timeWindow.onChange(fill)
}

function shownFigures(page: Page, chart: uPlot, columns: MadeChart['columns']): Table {
  const { data, timeWindow } = page
  const seconds = chart.data[0]
  const within: number[] = []
  for (let i = 0; i < seconds.length; i++)
    if (seconds[i]! >= timeWindow.state.from && seconds[i]! <= timeWindow.state.to) within.push(i)
  const step = Math.max(1, Math.ceil(within.length / MOST_ROWS))
  const rows = within
    .filter((_, index) => index % step === 0)
    .map((i) => [
      clock(seconds[i]!, data.hasTrigger),
      ...columns.map(({ values }) => String(values[i] ?? '')),
    ])
  return {
    head: [data.hasTrigger ? data.texts.sinceTrigger : data.texts.time, ...columns.map(({ label }) => label)],
    rows,
  }
}

function tableElement(head: readonly string[], rows: readonly string[][]): HTMLTableElement {
  const table = document.createElement('table')
  const headRow = table.createTHead().insertRow()
  for (const text of head) {
    const cell = document.createElement('th')
    cell.scope = 'col'
    cell.textContent = text
    headRow.append(cell)
  }
  const body = table.createTBody()
  for (const row of rows) {
    const line = body.insertRow()
    for (const text of row) line.insertCell().textContent = text
  }
  return table
}
