/** Sections of the page that the contents name, in its order. */
const SECTIONS = [
  ['chart-connections', 'Connections'],
  ['verdict', 'Verdict'],
  ['figures', 'Figures'],
  ['messages', 'Messages'],
  ['charts', 'Over time'],
  ['timeline-section', 'Timeline'],
  ['facts', 'The run'],
] as const

/** Links to those sections that `body` has. They stay in sight, and need no script. */
export function contents(body: string): string {
  const links = SECTIONS.filter(([id]) => body.includes(` id="${id}"`)).map(
    ([id, title]) => `<li><a href="#${id}">${title}</a></li>`,
  )
  return `<nav class="contents" aria-label="Contents"><ul>${links.join('')}</ul></nav>`
}
