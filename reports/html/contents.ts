import { HTML_TEXTS as texts } from '../texts/index.ts'

/** Sections of the page that the contents name, in its order. */
const SECTIONS = [
  ['chart-connections', 'connections'],
  ['verdict', 'verdict'],
  ['figures', 'figures'],
  ['messages', 'messages'],
  ['charts', 'charts'],
  ['timeline-section', 'timeline'],
  ['facts', 'facts'],
] as const

/** Links to those sections that `body` has. They stay in sight, and need no script. */
export function contents(body: string): string {
  const links = SECTIONS.filter(([id]) => body.includes(` id="${id}"`)).map(
    ([id, section]) => `<li><a href="#${id}">${texts.sections[section]}</a></li>`,
  )
  return `<nav class="contents" aria-label="${texts.contents}"><ul>${links.join('')}</ul></nav>`
}
