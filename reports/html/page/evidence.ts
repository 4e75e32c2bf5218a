import { clock } from './clock.ts'
import { filled } from './filled.ts'
import type { EvidenceData, Page, PageData, Span, TimelineData } from './page.ts'

const MOST_ENTRIES = 40

/** Shows a finding's evidence: its chart zoomed and shaded to the span, and the record's events within it. */
export function evidenceGuide(page: Page): void {
  const panel = makePanel(page.data.texts.evidence, () => clear(page, panel))
  const follow = () => {
    const anchor = decodeURIComponent(location.hash.slice(1))
    const evidence = page.data.evidence.find((it) => it.anchor === anchor)
    if (evidence) show(page, panel, evidence)
    else openFold(anchor)
  }
  addEventListener('hashchange', follow)
  // A second click on the same link changes no hash, and must lead there all the same.
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.evidence-links a'))
    link.addEventListener('click', () => {
      if (link.hash === location.hash) follow()
    })
  // The browser scrolls to the fragment by itself while it loads: ours has to come after that.
  addEventListener('load', () => requestAnimationFrame(follow))
}

/** A finding that passed may be folded away. */
function openFold(anchor: string): void {
  const row = document.getElementById(anchor)
  const fold = row?.closest('details')
  if (!row || !fold) return
  fold.open = true
  row.scrollIntoView({ block: 'center' })
}

function show(page: Page, panel: HTMLElement, evidence: EvidenceData): void {
  const { timeWindow } = page
  page.selected = evidence
  const length = evidence.to - evidence.from
  const margin = Math.max(length * 0.6, 4)
  timeWindow.show(evidence.from - margin, evidence.to + margin)
  fill(panel, page, evidence)
  const figure = document.getElementById(`chart-${evidence.chart}`)!
  figure.querySelector('.chart')!.before(panel)
  panel.hidden = false
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.evidence-links a'))
    link.toggleAttribute('aria-current', link.hash === `#${evidence.anchor}`)
  figure.scrollIntoView({ block: 'start' })
  panel.focus({ preventScroll: true })
}

function clear(page: Page, panel: HTMLElement): void {
  const anchor = page.selected?.anchor ?? ''
  page.selected = undefined
  panel.hidden = true
  page.timeWindow.showAll()
  history.replaceState(null, '', location.pathname + location.search)
  document.getElementById(anchor)?.querySelector('a')?.focus()
}

function makePanel(label: string, onClose: () => void): HTMLElement {
  const panel = document.createElement('aside')
  panel.id = 'evidence'
  panel.hidden = true
  panel.tabIndex = -1
  panel.setAttribute('aria-label', label)
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') onClose()
  })
  return panel
}

function fill(panel: HTMLElement, page: Page, evidence: EvidenceData): void {
  const { data } = page
  const { texts } = data
  const [from, to] = [evidence.from, evidence.to].map((at) => clock(at, data.hasTrigger))
  const span = filled(texts.span, { from: from!, to: to! })
  const { finding, outcome, what } = evidence
  const title = element(
    'p',
    'title',
    filled(texts.evidenceTitle, { finding, outcome: texts.outcomes[outcome], what }),
  )
  const where = element('p', 'where', `${evidence.file}, ${span}`)
  const close = element('button', 'close', texts.close)
  close.type = 'button'
  close.addEventListener('click', () => clear(page, panel))
  panel.className = evidence.outcome
  panel.replaceChildren(
    title,
    where,
    ...activityOf(data, evidence),
    ...timelineIn(data, evidence),
    ...linesOf(data, evidence),
    close,
  )
}

/** The client events within the span. */
function activityOf({ texts }: PageData, { clients }: EvidenceData): HTMLElement[] {
  return clients.length > 0
    ? [element('p', 'activity', filled(texts.clients, { clients: clients.join(', ') }))]
    : []
}

function timelineIn(data: PageData, { from, to }: Span): HTMLElement[] {
  const within = data.timeline.filter(([at]) => at >= from && at <= to)
  if (within.length === 0) return [element('p', 'none', data.texts.nothing)]
  const list = element('ol', 'timeline')
  for (const entry of within.slice(0, MOST_ENTRIES)) list.append(timelineElement(data, entry))
  const more = within.length - MOST_ENTRIES
  return [list, ...(more > 0 ? [element('p', 'none', filled(data.texts.more, { count: more }))] : [])]
}

function linesOf({ texts }: PageData, { lines, lineCount, file }: EvidenceData): HTMLElement[] {
  if (lines.length === 0) return []
  const details = document.createElement('details')
  const words = lines.length < lineCount ? texts.firstLines : texts.lines
  details.append(element('summary', '', filled(words, { file, shown: lines.length, count: lineCount })))
  details.append(element('pre', '', lines.join('\n')))
  return [details]
}

/** One line of the timeline; `id` where links lead to it. */
export function timelineElement(data: PageData, [at, kind, text]: TimelineData, id?: string): HTMLElement {
  const item = element('li', kind)
  if (id !== undefined) item.id = id
  const time = element('time', '', clock(at, data.hasTrigger))
  item.append(time, element('span', 'kind', data.texts.kinds[kind]), element('span', 'text', text))
  return item
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  text?: string,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}
