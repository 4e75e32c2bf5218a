import type { LiveTexts } from '../live-page.ts'
import type { LiveEnd, LiveRecord } from '../live-update.ts'
import { onSchemeChange } from './colours.ts'
import { drawPage, place } from './draw.ts'
import type { Page } from './page.ts'

/** The page of a run under way: draws the record again whenever the server sends it. */

let page: Page | undefined
let waiting: LiveRecord | undefined
let isPaused = false

const host = place('#live-charts')
const state = place('#live-state')
const pause = place('#live-pause')
const texts = JSON.parse(place('#live-texts').textContent ?? '') as LiveTexts

/** What the reader has opened, zoomed and focused stays as it was. */
function show({ html, data, words }: LiveRecord): void {
  place('#live-words').textContent = words
  const open = openFigures()
  const scrolled = scrolledTimeline()
  const { activeElement } = document
  const focused = activeElement instanceof HTMLElement ? activeElement.dataset.chart : undefined
  const before = page?.timeWindow
  const isZoomed = before && (before.state.from > before.full.from || before.state.to < before.full.to)
  for (const chart of before?.charts ?? []) chart.destroy()
  // The server escapes what a record has in it, and the page's policy lets no script in.
  host.innerHTML = html
  page = drawPage(data)
  if (before && isZoomed) page.timeWindow.show(before.state.from, before.state.to)
  for (const id of open) for (const details of figuresOf(id)) details.open = true
  const timeline = place('#timeline').parentElement!
  timeline.scrollTop = scrolled ?? timeline.scrollHeight
  if (focused)
    document.querySelector<HTMLElement>(`[data-chart="${focused}"]`)?.focus({ preventScroll: true })
}

const figuresOf = (id: string) =>
  document.querySelectorAll<HTMLDetailsElement>(`details[data-figures="${id}"]`)

const openFigures = (): string[] =>
  [...document.querySelectorAll<HTMLDetailsElement>('details[data-figures][open]')].map(
    ({ dataset }) => dataset.figures!,
  )

/** How far down the reader has gone; undefined at its end, which is followed. */
function scrolledTimeline(): number | undefined {
  const timeline = document.querySelector('#timeline')?.parentElement
  if (!timeline) return undefined
  const { scrollTop, scrollHeight, clientHeight } = timeline
  return scrollTop + clientHeight >= scrollHeight - 2 ? undefined : scrollTop
}

const source = new EventSource(`${location.pathname}/events`)
const on = (name: string, act: (data: string) => void) =>
  source.addEventListener(name, ({ data }: MessageEvent<string>) => act(data))

on('record', (text) => {
  const record = JSON.parse(text) as LiveRecord
  if (isPaused) waiting = record
  else show(record)
})
on('state', (text) => {
  state.textContent = JSON.parse(text) as string
})
on('end', (text) => {
  source.close()
  const { outcome, headline } = JSON.parse(text) as LiveEnd
  place('#live-head').className = outcome
  state.textContent = `${texts.ended[outcome]}${headline}`
  place('#live-report').hidden = false
  pause.hidden = true
  if (waiting) show(waiting)
  place('#live-words').textContent = ''
})
source.addEventListener('error', () => {
  if (source.readyState !== EventSource.CLOSED) state.textContent = texts.noAnswer
  else state.textContent = texts.noMore
})

pause.addEventListener('click', () => {
  isPaused = !isPaused
  pause.textContent = isPaused ? texts.goOn : texts.pause
  if (!isPaused && waiting) {
    show(waiting)
    waiting = undefined
  }
})
onSchemeChange(() => page?.timeWindow.redraw())
