import type { NodeData } from './page.ts'

export interface LineStyle {
  colourName: string
  dash?: number[] | undefined
  width?: number
}

/** A colour of the style sheet: the same names serve light and dark. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}

/** Calls back when the reader's system turns from light to dark or back. */
export function onSchemeChange(redraw: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
}

const SHADES = 3
const DASHES = [undefined, [9, 4], [3, 3], [9, 3, 3, 3]]

/**
 * How a node is drawn everywhere: old nodes in warm colours, new ones in cool ones, apart by dash as well as by
 * shade, so that neither a colour-blind reader nor a grey printer loses them.
 */
export function nodeStyle({ side }: NodeData, indexOnItsSide: number): LineStyle {
  return {
    colourName: `${side}-${indexOnItsSide % SHADES}`,
    dash: DASHES[Math.floor(indexOnItsSide / SHADES) % DASHES.length] ?? DASHES[indexOnItsSide % SHADES],
    width: side === 'new' ? 2.5 : 2,
  }
}

export function nodeStyles(nodes: readonly NodeData[]): LineStyle[] {
  const seen = { old: 0, new: 0 }
  return nodes.map((node) => {
    return nodeStyle(node, seen[node.side]++)
  })
}
