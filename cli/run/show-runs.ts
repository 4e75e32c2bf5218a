import { type Compared, comparisonDocument, tellComparison } from '../gate/compared.ts'
import type { Output } from '../output.ts'
import { jsonText, type VerdictFlags } from '../output-options.ts'
import { type ShowVerdict, showVerdict, verdictDocument } from './show-verdict.ts'

/** Shows several runs and their comparison; as JSON all of them are one document, which `end` prints. */
export interface ShowRuns {
  verdict: ShowVerdict
  summary(text: string): void
  comparison(compared: Compared): void
  end(): void
}

export function showRuns(flags: VerdictFlags, output: Output): ShowRuns {
  if (flags.json) return showDocument(output)
  return {
    verdict: showVerdict(flags, output),
    summary: (text) => output.print(flags.quiet ? text : `\n${text}`),
    comparison(compared) {
      if (!flags.quiet) output.print('')
      tellComparison(compared, output, flags)
    },
    end() {},
  }
}

function showDocument(output: Output): ShowRuns {
  const runs: object[] = []
  let comparison: object | undefined
  return {
    verdict: (judged) => void runs.push(verdictDocument(judged)),
    summary() {},
    comparison(compared) {
      comparison = comparisonDocument(compared)
    },
    end() {
      if (runs.length > 0) output.print(jsonText({ runs, ...(comparison && { comparison }) }))
    },
  }
}
