import { Ajv } from 'ajv'
import Type, { type Static } from 'typebox'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { FIGURE_IDS } from '#weir/facts/index.ts'
import type { RunSet } from './run-set.ts'

const closed = { additionalProperties: false }
const FORMAT = 1

/** weir-baseline.json: the figures of some runs, small enough to be committed. */
export const BaselineSchema = Type.Object(
  {
    format: Type.Literal(FORMAT),
    /** The version that wrote it. */
    weir: Type.String(),
    settings: Type.Object(
      {
        scenario: Type.String(),
        resource: Type.String(),
        clients: Type.Number(),
        nodes: Type.Number(),
        connEvictRate: Type.Number(),
        sessEvictRate: Type.Number(),
      },
      closed,
    ),
    runs: Type.Integer({ minimum: 1 }),
    /** By figure, in its unit, a value for each run. */
    figures: Type.Object(
      Object.fromEntries(FIGURE_IDS.map((id) => [id, Type.Optional(Type.Array(Type.Number()))])),
      closed,
    ),
  },
  closed,
)

const check = new Ajv().compile(BaselineSchema)

/** Four digits are more than runs of one build share. */
const DIGITS = 4

/** The text of a baseline file: one line for each figure. */
export function baselineText({ settings, runs, figures }: RunSet, weir: string): string {
  const lines = Object.entries(figures).map(
    ([id, values]) =>
      `    "${id}": ${JSON.stringify(values.map((value) => Number(value.toPrecision(DIGITS))))}`,
  )
  return [
    '{',
    `  "format": ${FORMAT},`,
    `  "weir": ${JSON.stringify(weir)},`,
    `  "settings": ${JSON.stringify(settings)},`,
    `  "runs": ${runs},`,
    '  "figures": {',
    lines.join(',\n'),
    '  }',
    '}',
    '',
  ].join('\n')
}

/** Reads a baseline file's text. Throws WEIR_BASELINE, with what is wrong. */
export function readBaseline(text: string, file: string): RunSet {
  const wrong = (why: string, cause?: unknown) =>
    new WeirError('WEIR_BASELINE', `${file} is no baseline: ${why}; make one with "weir baseline save"`, {
      cause,
    })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw wrong(messageOf(cause), cause)
  }
  const { format } = (content ?? {}) as { format?: unknown }
  if (typeof format === 'number' && format > FORMAT) throw wrong(`format ${format} is of a newer weir`)
  if (!check(content)) {
    const [error] = check.errors ?? []
    throw wrong(`${error?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${error?.message}`)
  }
  const { settings, runs, figures } = content as Static<typeof BaselineSchema>
  return { settings, runs, leftOut: [], figures }
}
