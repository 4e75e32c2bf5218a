import type { PageData } from './page.ts'

const OUTCOMES = ['fail', 'inconclusive', 'pass'] as const

/** Buttons that hide and show the findings of each outcome; without a script all are shown. */
export function outcomeFilter(host: HTMLElement, { outcomes }: PageData['texts']): void {
  const section = host.parentElement!
  const rowsOf = (outcome: string) => section.querySelectorAll(`.findings tr.${outcome}`)
  const present = OUTCOMES.filter((outcome) => rowsOf(outcome).length > 0)
  // With one outcome there is nothing to choose.
  if (present.length < 2) {
    host.remove()
    return
  }
  for (const outcome of present) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = outcome
    button.textContent = `${outcomes[outcome]} ${rowsOf(outcome).length}`
    button.setAttribute('aria-pressed', 'true')
    button.addEventListener('click', () => {
      const shown = button.getAttribute('aria-pressed') !== 'true'
      button.setAttribute('aria-pressed', String(shown))
      section.classList.toggle(`no-${outcome}`, !shown)
      hideEmpty(section)
    })
    host.append(button)
  }
}

/** A table without a row that is shown has no heading either. */
function hideEmpty(section: HTMLElement): void {
  const isShown = (row: Element) =>
    !OUTCOMES.some((one) => row.classList.contains(one) && section.classList.contains(`no-${one}`))
  for (const table of section.querySelectorAll<HTMLElement>('.findings')) {
    const isEmpty = ![...table.querySelectorAll('tbody tr')].some(isShown)
    table.hidden = isEmpty
    const heading = table.previousElementSibling
    if (heading instanceof HTMLElement && heading.classList.contains('cause')) heading.hidden = isEmpty
  }
}
