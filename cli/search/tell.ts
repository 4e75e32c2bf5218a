import type { SearchLimits, SearchResult, Trial, Tried } from '#weir/search/index.ts'

/** What is tried, in words. */
export interface Asked {
  /** "no-storm, downtimeP99<=2". */
  targets: string
  /** "connEvictRate". */
  vary: string
  limits: SearchLimits
}

const counted = ({ trials }: Tried) => {
  const of = (outcome: Trial['outcome']) => trials.filter((one) => one.outcome === outcome).length
  return { passed: of('pass'), failed: of('fail'), open: of('inconclusive') }
}

/** One line: where the edge is, and how sure that is. */
export function headlineOf(result: SearchResult, { targets, vary, limits }: Asked): string {
  const at = (value: number | undefined) => result.tried.find((one) => one.value === value)
  const [holding, failing] = [at(result.holds), at(result.fails)]
  const judged = (tried: Tried) => counted(tried).passed + counted(tried).failed
  const held = holding && `${vary} ${holding.value} (${judged(holding)} of ${judged(holding)} runs)`
  const not = failing && `${failing.value} (${counted(failing).failed} of ${judged(failing)} failed)`
  const known = [held && `holds up to ${held}`, not && `does not hold at ${not}`]
    .filter(Boolean)
    .join(', and ')
  switch (result.end) {
    case 'found':
      return `${targets} ${known}.`
    case 'all-hold':
      return `${targets} holds up to ${held}, the largest that was asked for.`
    case 'none-holds':
      return `${targets} does not hold at ${vary} ${not}, the smallest that was asked for.`
    case 'inconclusive': {
      const open = result.tried.find(({ trials }) => trials.at(-1)?.outcome === 'inconclusive')
      return `${vary} ${open?.value} stayed inconclusive (why: see the runs). So far ${targets} ${known || 'is unknown'}.`
    }
    case 'stopped':
      return `The search was stopped. So far ${targets} ${known || 'is unknown'}.`
    case 'budget':
      return `The budget of ${limits.mostTrials} runs or ${limits.mostSeconds} s ended the search. So far ${targets} ${known || 'is unknown'}.`
  }
}

/** A row for each value that was tried. */
export function frontierRows({ tried }: SearchResult, vary: string): string[][] {
  const rows = tried.map((one) => {
    const { passed, failed, open } = counted(one)
    const why =
      one.trials.find(({ outcome }) => outcome === 'fail') ?? one.trials.find((trial) => trial.why !== '')
    return [String(one.value), String(passed), String(failed), String(open), why?.why ?? '']
  })
  return [[vary, 'pass', 'fail', 'open', 'why'], ...rows]
}
