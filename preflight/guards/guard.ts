import { WeirError } from '#weir/errors/index.ts'

/** The resource before an operation, as far as guards ask. */
export interface Before {
  /** e.g. "EMQX default/emqx" */
  what: string
  /** Whether the resource says that nothing is under way, and what it says instead. */
  settled: boolean
  condition: string | undefined
}

/** A rule that an operation breaks, with the figures. */
export interface Broken {
  rule: string
  figures: string
}

/** Throws WEIR_REFUSED for the first rule that is broken. `isNot` is the operation in the words of its refusal: "scaled". */
export function guarded(
  { what }: Pick<Before, 'what'>,
  isNot: string,
  rules: readonly (Broken | undefined)[],
): void {
  const broken = rules.find((one) => one !== undefined)
  if (broken)
    throw new WeirError('WEIR_REFUSED', `${what} is not ${isNot} (rule ${broken.rule}): ${broken.figures}`)
}

/** Nothing is under way: an operator that is in the middle of an update may take the wrong set for the old one. */
export const running = ({ settled, condition }: Before): Broken | undefined =>
  settled
    ? undefined
    : {
        rule: 'not-running',
        figures: `something is under way (condition ${condition ?? 'none'}): wait until it has ended`,
      }
