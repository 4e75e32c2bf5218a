import type { Cause, Finding, Outcome } from '#weir/assertions/verdict/verdict.ts'
import { sectionsOf } from '../causes.ts'
import { tally } from '../order.ts'
import type { Report } from '../report.ts'
import { columnsOf, padded } from '../text/columns.ts'
import { linkTo } from '../text/doc-url.ts'
import { visibleLine } from '../text/escape.ts'
import { momentsOf } from '../text/time.ts'
import { TEXTS } from '../texts/index.ts'
import { warningsOf } from '../warnings.ts'
import { wrap } from './wrap.ts'

const { finding: texts } = TEXTS

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const

type Colour = keyof typeof CODES

type Paint = (colour: Colour, text: string) => string

/** Colours for a terminal that wants them; the text itself otherwise. No meaning hangs on a colour alone. */
function paintFor(colours: boolean): Paint {
  return colours ? (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m` : (_colour, text) => text
}

const OUTCOME_COLOUR: Record<Outcome, Colour> = { pass: 'green', fail: 'red', inconclusive: 'yellow' }

export interface TerminalOptions {
  columns: number
  colour: boolean
}

const NARROWEST = 40
const WIDEST = 140
/** Below this a sentence beside two columns is too narrow and goes underneath. */
const SIDE_BY_SIDE = 80

/** The outcome and the headline, in one line. */
export const headlineOf = ({ verdict }: Pick<Report, 'verdict'>): string =>
  `${TEXTS.outcomeHeading(verdict.outcome)}  ${visibleLine(verdict.headline)}`

/** The verdict for a terminal: headline, notes, then one row per assertion, failures first, under their causes. */
export function renderTerminal({ run, verdict }: Report, options: TerminalOptions): string {
  const width = Math.min(Math.max(options.columns, NARROWEST), WIDEST)
  const paint = paintFor(options.colour)
  const [first = '', ...rest] = wrap(headlineOf({ verdict }), width)
  const moment = momentsOf(run)
  const lines = [paint(OUTCOME_COLOUR[verdict.outcome], paint('bold', first)), ...rest]
  for (const warning of warningsOf(run))
    lines.push(...wrap(texts.note(visibleLine(warning)), width).map((line) => paint('yellow', line)))
  lines.push('')
  const idWidth = Math.max(0, ...verdict.findings.map((finding) => [...shortId(finding)].length))
  for (const { cause, findings } of sectionsOf(verdict)) {
    const indent = cause ? CAUSE_INDENT : ''
    if (cause) lines.push(...heading(cause, width, paint))
    const style = { idWidth, width: width - indent.length, paint, moment }
    for (const finding of findings) lines.push(...rows(finding, style).map((line) => indent + line))
  }
  lines.push('', tally(verdict.findings))
  return `${lines.join('\n')}\n`
}

const CAUSE_INDENT = '  '

/** A cause above what follows from it. */
function heading({ title, link }: Cause, width: number, paint: Paint): string[] {
  const words = wrap(texts.cause(visibleLine(title)), width).map((line) => paint('bold', line))
  return [
    ...words,
    ...wrap(visibleLine(linkTo(link)), width - CAUSE_INDENT.length).map((line) =>
      paint('dim', CAUSE_INDENT + line),
    ),
  ]
}

/** Ids are short words; one that a foreign record made long is cut. */
const LONGEST_ID = 24
const outcomeWidth = () => Math.max(...Object.values(TEXTS.outcome).map(columnsOf))

interface RowStyle {
  idWidth: number
  width: number
  paint: Paint
  moment: (t: number) => string
}

function rows(finding: Finding, { idWidth, width, paint, moment }: RowStyle): string[] {
  const outcome = paint(
    OUTCOME_COLOUR[finding.outcome],
    padded(TEXTS.outcome[finding.outcome], outcomeWidth()),
  )
  const id = shortId(finding)
  const beside = width >= SIDE_BY_SIDE
  const indent = beside ? outcomeWidth() + idWidth + 4 : 4
  const body = [
    ...wrap(visibleLine(finding.sentence), width - indent),
    ...details(finding, moment).flatMap((detail) =>
      wrap(visibleLine(detail), width - indent).map((line) => paint('dim', line)),
    ),
  ]
  if (!beside) return [`${outcome}  ${id}`, ...body.map((line) => ' '.repeat(indent) + line)]
  const [first = '', ...rest] = body
  return [`${outcome}  ${id.padEnd(idWidth)}  ${first}`, ...rest.map((line) => ' '.repeat(indent) + line)]
}

function shortId({ id }: Finding): string {
  const characters = [...visibleLine(id)]
  return characters.length > LONGEST_ID
    ? `${characters.slice(0, LONGEST_ID - 1).join('')}…`
    : characters.join('')
}

function details(finding: Finding, moment: (t: number) => string): string[] {
  if (finding.outcome === 'pass') return []
  const lines = [texts.measured(finding)]
  if (finding.settle) lines.push(texts.settle(finding.settle))
  if (finding.deviation) lines.push(texts.deviation(finding.deviation))
  const [evidence] = finding.evidence
  if (evidence)
    lines.push(texts.evidence({ ...evidence, from: moment(evidence.fromT), to: moment(evidence.toT) }))
  return lines
}
