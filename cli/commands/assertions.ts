import { EXIT } from '#weir/errors/index.ts'
import { ASSERTION_IDS, definitionOf, titleOf } from '#weir/facts/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { jsonOption, jsonText } from '../output-options.ts'
import { alignedRows } from '../table.ts'

const list = defineCommand({
  usage: 'list',
  summary: 'list assertions, their sources, and their bounds with defaults',
  examples: [
    ['assertions list', 'what is verified, and by which bounds'],
    ['assertions list --json', 'for programs'],
  ],
  options: (yargs) => jsonOption(yargs),
  async run({ json }, output) {
    const { FAULTS } = await import('#weir/testbed/faults/index.ts')
    const all = ASSERTION_IDS.map((id) => {
      const { source, bounds } = definitionOf(id)
      const title = titleOf(id)
      const faults = FAULTS.filter(({ caughtBy }) => caughtBy.includes(id)).map(({ name }) => name)
      return { id, title, source, bounds, faults }
    })
    if (json) {
      output.print(jsonText(all))
      return EXIT.pass
    }
    const rows = all.map(({ id, title, source, bounds, faults }) => {
      const numbers = Object.entries(bounds).map(
        ([name, bound]) =>
          `${name} = ${bound.default}${bound.unit ? ` ${bound.unit}` : ''}: ${bound.meaning}`,
      )
      const parts = [title, `[${source}]`]
      if (numbers.length > 0) parts.push(`bounds: ${numbers.join('; ')}`)
      if (faults.length > 0) parts.push(`faults that it must catch: ${faults.join(', ')}`)
      return [id, parts.join('. ')]
    })
    output.print(alignedRows(rows, output.columns))
    return EXIT.pass
  },
})

export const assertions = defineGroup('assertions', 'what weir verifies', [list])
