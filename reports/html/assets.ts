import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { packageFile } from '#weir/errors/index.ts'
import { bundle } from './bundle.ts'

/** In the order in which they build upon each other. */
const PAGE_MODULES = [
  'clock',
  'colours',
  'window',
  'shading',
  'readout',
  'time-chart',
  'connections-chart',
  'line-charts',
  'membership-chart',
  'figures-table',
  'evidence',
  'keyboard',
  'toolbar',
  'main',
]

const pageFile = (name: string) => packageFile(`reports/html/page/${name}`)
const uplotFile = (name: string) => new URL(name, import.meta.resolve('uplot/package.json'))

const uplotLicence = readFileSync(uplotFile('LICENSE'), 'utf8').replaceAll('*/', '* /').trim()

/** Everything that runs in the page: uPlot with its licence, then our own. */
export const script = [
  `/*\nuPlot\n${uplotLicence}\n*/`,
  readFileSync(uplotFile('dist/uPlot.iife.min.js'), 'utf8').trim(),
  bundle(PAGE_MODULES.map((name) => pageFile(`${name}.js`))),
].join('\n')

export const style = [
  readFileSync(uplotFile('dist/uPlot.min.css'), 'utf8').trim(),
  readFileSync(pageFile('page.css'), 'utf8').trim(),
].join('\n')

/** What a Content-Security-Policy needs to let exactly this text run. */
export function cspHash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
