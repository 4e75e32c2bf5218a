import type { Parameters, RatesFrom } from '#weir/facts/index.ts'
import type { RunView } from '#weir/record/view/index.ts'

type Rates = Pick<Parameters, 'connEvictRate' | 'sessEvictRate'>

/**
 * The rates and waits that the resource itself asks for: of rates that changed on the way the lowest. A run may be held to others (a
 * scenario's judgeAs): those are what clients are promised, these are what operator and EMQX are expected to do.
 */
export function askedOf({
  parameters,
}: RunView): Rates & Pick<Parameters, 'waitTakeoverSeconds' | 'initialDelaySeconds'> {
  const { rates, asked = parameters } = parameters
  if (!rates) return asked
  const { waitTakeoverSeconds, initialDelaySeconds } = asked
  const least = (rate: keyof Rates) => Math.min(...rates.map((one) => one[rate]))
  return {
    connEvictRate: least('connEvictRate'),
    sessEvictRate: least('sessEvictRate'),
    waitTakeoverSeconds,
    initialDelaySeconds,
  }
}

/** A change of the resource may be seen by the operator this much later than weir recorded it. */
const LAG_NS = 1e9

/**
 * The rates that an evacuation of this node may have been given: those that the resource asked for when it began, since EMQX keeps them until it
 * ends. All of them where nobody saw it begin.
 */
export function ratesOf(run: RunView, node: number): readonly Rates[] {
  const { rates } = run.parameters
  if (!rates) return [askedOf(run)]
  const begun = run.evacuations.filter((one) => one.node === node)
  if (begun.length === 0) return rates
  return rates.filter((_, i) =>
    begun.some(({ notBeforeT, firstSeenT }) => isAsked(rates, i, notBeforeT, firstSeenT)),
  )
}

const isAsked = (rates: readonly RatesFrom[], i: number, fromT: number, toT: number): boolean =>
  rates[i]!.t <= toT && (rates[i + 1]?.t ?? Number.POSITIVE_INFINITY) >= fromT - LAG_NS

/** The highest rate at which this node may evict connections. */
export const mostRate = (run: RunView, node: number): number =>
  run.parameters.rates
    ? Math.max(...ratesOf(run, node).map(({ connEvictRate }) => connEvictRate))
    : run.parameters.connEvictRate
