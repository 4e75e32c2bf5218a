import type { LineStyle } from './colours.ts'

export interface LegendEntry extends LineStyle {
  label: string
  title?: string
  kind?: 'line' | 'ring' | 'cross' | 'patch'
  /** It cannot be hidden. */
  fixed?: boolean
  shown?: boolean
}

/**
 * The legend under a chart: one button a line, which hides and shows it and gives its value under the cursor. Buttons,
 * so that a keyboard and a screen reader have them too.
 */
export function makeLegend(
  host: HTMLElement,
  entries: readonly LegendEntry[],
  onToggle: (index: number, shown: boolean) => void,
): (texts: readonly string[]) => void {
  const values: HTMLOutputElement[] = []
  entries.forEach((entry, index) => {
    const button = document.createElement(entry.fixed ? 'span' : 'button')
    button.className = 'entry'
    if (button instanceof HTMLButtonElement) {
      button.type = 'button'
      button.setAttribute('aria-pressed', String(entry.shown !== false))
      button.addEventListener('click', () => {
        const shown = button.getAttribute('aria-pressed') !== 'true'
        button.setAttribute('aria-pressed', String(shown))
        onToggle(index, shown)
      })
    }
    if (entry.title) button.title = entry.title
    const name = document.createElement('span')
    name.textContent = entry.label
    const value = document.createElement('output')
    button.append(swatch(entry), name, value)
    host.append(button)
    values.push(value)
  })
  return (texts) => {
    texts.forEach((text, index) => {
      const value = values[index]
      if (value) value.textContent = text
    })
  }
}

const SVG = 'http://www.w3.org/2000/svg'

/** The line or patch as it is drawn in the chart. */
function swatch({ kind = 'line', colourName, dash, width = 2 }: LegendEntry): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'swatch')
  svg.setAttribute('viewBox', '0 0 28 12')
  svg.setAttribute('aria-hidden', 'true')
  const shape = document.createElementNS(
    SVG,
    kind === 'line' ? 'line' : kind === 'ring' ? 'circle' : kind === 'cross' ? 'path' : 'rect',
  )
  const attributes = {
    line: {
      x1: 0,
      x2: 28,
      y1: 6,
      y2: 6,
      'stroke-width': width,
      'stroke-dasharray': dash?.join(' ') ?? 'none',
    },
    ring: { cx: 14, cy: 6, r: 4, fill: 'none', 'stroke-width': 1.5 },
    cross: { d: 'M10 2 L18 10 M18 2 L10 10', fill: 'none', 'stroke-width': 1.5 },
    patch: { x: 2, y: 0, width: 24, height: 12 },
  }[kind]
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value))
  if (kind === 'patch') shape.style.fill = `var(--${colourName})`
  else shape.style.stroke = `var(--${colourName})`
  svg.append(shape)
  return svg
}
