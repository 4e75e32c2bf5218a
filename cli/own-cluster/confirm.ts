import { WeirError } from '#weir/errors/index.ts'
import type { Output } from '../output.ts'

/** Throws unless the user confirms: WEIR_DECLINED for no, which is the default, and WEIR_USAGE without a terminal. */
export async function confirm(output: Pick<Output, 'ask'>): Promise<void> {
  const answer = await output.ask('Continue? [y/N] ')
  if (answer === undefined)
    throw new WeirError(
      'WEIR_USAGE',
      'there is no terminal for the confirmation, and nothing was changed: add --yes to confirm the plan',
    )
  if (!/^y(es)?$/i.test(answer.trim()))
    throw new WeirError('WEIR_DECLINED', 'nothing was changed: the plan was declined')
}
