import { Ajv } from 'ajv'
import Type, { type Static } from 'typebox'
import { parse } from 'yaml'
import { messageOf, WeirError } from '#weir/errors/index.ts'
import { FIGURE_IDS, type FigureId } from '#weir/facts/index.ts'
import { FLOORS, type Floor, type Floors } from './floors.ts'

const closed = { additionalProperties: false }
const amount = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }))

/** gate.yaml: what differences matter (docs/gate.md). */
export const GatePolicySchema = Type.Object(
  {
    figures: Type.Optional(
      Type.Object(
        Object.fromEntries(
          FIGURE_IDS.map((id) => [
            id,
            Type.Optional(
              Type.Union([
                Type.Literal('ignore'),
                Type.Object(
                  {
                    share: amount("of the baseline's median, e.g. 0.1"),
                    absolute: amount("in the figure's unit"),
                  },
                  closed,
                ),
              ]),
            ),
          ]),
        ),
        closed,
      ),
    ),
  },
  closed,
)

const check = new Ajv({ strictTypes: false }).compile(GatePolicySchema)

/** The floors of a policy's text over those that hold by default. Throws WEIR_USAGE, with the key that is wrong. */
export function floorsOf(text: string, file: string): Floors {
  const policy = contentOf(text, file)
  if (!check(policy)) throw new WeirError('WEIR_USAGE', `the policy ${file}: ${schemaWords()}`)
  const { figures = {} } = policy as Static<typeof GatePolicySchema>
  const said = figures as Partial<Record<FigureId, 'ignore' | Partial<Floor>>>
  return Object.fromEntries(
    FIGURE_IDS.flatMap((id) => {
      const own = said[id] ?? {}
      return own === 'ignore' ? [] : [[id, { ...FLOORS[id], ...own }]]
    }),
  )
}

function schemaWords(): string {
  const [error] = check.errors ?? []
  const { additionalProperty } = (error?.params ?? {}) as { additionalProperty?: string }
  const path = error?.instancePath.slice(1).replaceAll('/', '.') || 'it'
  if (additionalProperty === undefined) return `${path} ${error?.message}`
  const known = path === 'figures' ? `: the figures are ${FIGURE_IDS.join(', ')}` : ''
  return `${path} has no ${additionalProperty}${known}`
}

function contentOf(text: string, file: string): unknown {
  try {
    return parse(text) ?? {}
  } catch (cause) {
    throw new WeirError(
      'WEIR_USAGE',
      `the policy ${file} cannot be read: ${messageOf(cause).split('\n')[0]}`,
      { cause },
    )
  }
}
