import { headlineOf, renderTerminal } from '#weir/reports/index.ts'
import type { Judged } from '../judge-record.ts'
import type { Output } from '../output.ts'
import { jsonText, type VerdictFlags } from '../output-options.ts'

/** Shows the verdict of a run, and the files that were written for it. */
export type ShowVerdict = (judged: Judged, files: readonly string[]) => void

/** As a table, as JSON, or as the headline alone. */
export function showVerdict({ json, quiet }: VerdictFlags, output: Output): ShowVerdict {
  if (json) return (judged) => output.print(jsonText(verdictDocument(judged)))
  if (quiet) return (judged) => output.print(headlineOf(judged))
  return (judged, files) => {
    const table = renderTerminal(judged, output)
    output.print(files.length > 0 ? table : table.trimEnd())
    for (const file of files) output.print(`  ${file}`)
  }
}

/** verdict.json, and the folder of its record. */
export const verdictDocument = ({ dir, verdictText }: Judged): object => ({
  record: dir,
  ...(JSON.parse(verdictText) as object),
})
