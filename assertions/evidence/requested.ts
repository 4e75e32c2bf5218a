import type { Parameters } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

/**
 * The rates and waits that the resource itself asks for. A run may be held to others (a scenario's judgeAs): those are
 * what clients are promised, these are what operator and EMQX are expected to do.
 */
export const askedOf = ({
  parameters,
}: RunView): Pick<
  Parameters,
  'connEvictRate' | 'sessEvictRate' | 'waitTakeoverSeconds' | 'initialDelaySeconds'
> => parameters.asked ?? parameters
