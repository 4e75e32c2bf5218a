import Type, { type Static } from 'typebox'
import { DATA } from './steps/data.ts'
import { INTERFERENCE } from './steps/interference.ts'
import { type Deadline, type Kind, seconds } from './steps/kind.ts'
import { LIFE_CYCLE } from './steps/life-cycle.ts'
import { SETTINGS } from './steps/settings.ts'
import { WAITS } from './steps/waits.ts'

const KINDS = { ...LIFE_CYCLE, ...SETTINGS, ...DATA, ...INTERFERENCE, ...WAITS } satisfies Record<
  string,
  Kind
>

type Of<K> = K extends { properties: infer P extends Type.TProperties; deadline: Deadline }
  ? Static<Type.TObject<P>> & { deadlineSeconds: Deadline }
  : K extends { properties: infer P extends Type.TProperties }
    ? Static<Type.TObject<P>>
    : never

/** A step of a scenario, with its defaults filled in. */
export type Step = Of<(typeof KINDS)[keyof typeof KINDS]>
export type WaitName = Extract<Step, { waitFor: string }>['waitFor']

/** The name by which a step is known in records and messages. */
export function stepName(step: Step): keyof typeof KINDS {
  if ('action' in step) return step.action
  if ('waitFor' in step) return step.waitFor
  return 'hold' in step ? 'hold' : 'mark'
}

const changes = (step: Step): boolean => {
  const kind: Kind = KINDS[stepName(step)]
  return kind.changes === true
}

/** Whether weir changes the cluster under test. */
export const changesCluster = ({ steps }: { steps: readonly Step[] }): boolean => steps.some(changes)

/** Whether the step changes the cluster under test, or waits for somebody else to. */
export const isChange = (step: Step): boolean =>
  changes(step) || ('waitFor' in step && step.waitFor === 'change-begun')

/** Fills in what JSON Schema cannot, because it depends on what kind of step it is. */
export function withStepDefaults(step: Step): Step {
  const kind: Kind = KINDS[stepName(step)]
  const given = Object.entries(kind.properties).flatMap(([name, schema]) =>
    'default' in schema ? [[name, schema.default] as const] : [],
  )
  const deadline = kind.deadline === undefined ? {} : { deadlineSeconds: kind.deadline }
  return { ...step, ...Object.fromEntries(given), ...deadline, ...step } as Step
}

const all: readonly Kind[] = Object.values(KINDS)
const wordsOf = (key: Kind['key']) => all.flatMap((kind) => (kind.key === key ? [kind.word!] : []))
const known: Type.TProperties = Object.assign({}, ...all.map(({ properties }) => properties))
const keys = [...new Set(all.map(({ key }) => key))]

/** Keys that this kind of step does not have are refused by name. */
function rule({ key, word, properties, deadline }: Kind) {
  const own = [...Object.keys(properties), ...(deadline === undefined ? [] : ['deadlineSeconds'])]
  const foreign = [...Object.keys(known), 'deadlineSeconds'].filter(
    (name) => !own.includes(name) && !keys.some((one) => one === name),
  )
  return {
    if: { required: [key], ...(word && { properties: { [key]: { const: word } } }) },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: {
      required: Object.keys(properties).filter(
        (name) => !('default' in properties[name]!) && !Type.IsOptional(properties[name]),
      ),
      properties: Object.fromEntries(foreign.map((name) => [name, false])),
    },
  }
}

/** One object with the keys of all kinds, and a rule for each kind: ajv's errors then name the key that is wrong. */
export const StepSchema = Type.Unsafe<Step>({
  type: 'object',
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(
      Object.entries(known).map(([name, schema]) => [name, { ...schema, default: undefined }]),
    ),
    action: { enum: wordsOf('action') },
    waitFor: { enum: wordsOf('waitFor') },
    deadlineSeconds: {
      description: 'Seconds, or "formula": 1.5 times the expected duration of the move, plus 60 s.',
      if: { type: 'string' },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { const: 'formula' },
      else: seconds,
    },
  },
  oneOf: keys.map((key) => ({ required: [key] })),
  allOf: all.map(rule),
})
