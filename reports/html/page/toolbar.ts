import { clock, wallClock } from './clock.ts'
import type { Page, Span } from './page.ts'

/** Buttons for the common time window, and what it shows at the moment. */
export function makeToolbar(page: Page, host: HTMLElement): void {
  const { timeWindow, data } = page
  const upgrade = data.flags.find((flag) => flag.text === 'trigger')
  const buttons: [text: string, act: () => void, label?: string][] = [
    ['whole run', () => timeWindow.showAll()],
    ...(upgrade
      ? [
          ['from the trigger', () => timeWindow.show(upgrade.at - 2, timeWindow.full.to)] as [
            string,
            () => void,
          ],
        ]
      : []),
    ['◂', () => timeWindow.pan(-0.5), 'earlier'],
    ['▸', () => timeWindow.pan(0.5), 'later'],
    ['+', () => timeWindow.zoom(0.5), 'zoom in'],
    ['−', () => timeWindow.zoom(2), 'zoom out'],
  ]
  for (const [text, act, label] of buttons) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = text
    if (label) {
      button.setAttribute('aria-label', label)
      button.title = label
    }
    button.addEventListener('click', act)
    host.append(button)
  }
  const shown = document.createElement('output')
  host.append(shown)
  const show = ({ from, to }: Span) => {
    shown.textContent = `${clock(from, data.hasTrigger)} to ${clock(to, data.hasTrigger)} (${wallClock(data.originUnixMs + from * 1000)} to ${wallClock(data.originUnixMs + to * 1000)} UTC)`
  }
  timeWindow.onChange(show)
  show(timeWindow.state)
}
