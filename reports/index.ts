/** Reports: pure functions of a record and its verdict. */
export { renderAnnotations } from './annotations.ts'
export { renderComparisonMarkdown } from './comparison/markdown.ts'
export { renderComparison } from './comparison/page.ts'
export { renderPrediction } from './comparison/prediction.ts'
export { comparisonHead, comparisonTable } from './comparison/terminal.ts'

export { renderHtml } from './html/render.ts'
export { renderJson } from './json.ts'
export { renderJunit } from './junit.ts'
export { renderMarkdown } from './markdown.ts'
export type { Renderer, Report } from './report.ts'
export { headlineOf, renderTerminal, type TerminalOptions } from './terminal/table.ts'
