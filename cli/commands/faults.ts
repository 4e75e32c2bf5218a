import { EXIT } from '#weir/errors/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { jsonOption, jsonText } from '../output-options.ts'
import { alignedRows } from '../table.ts'

const list = defineCommand({
  usage: 'list',
  summary: 'list faults, the part that misbehaves, and the assertions that must catch them',
  examples: [
    ['faults list', 'names for "weir run --fault"'],
    ['faults list --json', 'for programs'],
  ],
  options: (yargs) => jsonOption(yargs),
  async run({ json }, output) {
    const { FAULTS } = await import('#weir/testbed/faults/index.ts')
    if (json) {
      const faults = FAULTS.map(({ name, part, summary, caughtBy, dialects }) => ({
        ...{ name, part, summary, caughtBy },
        ...(dialects && { dialects }),
      }))
      output.print(jsonText(faults))
    } else
      output.print(
        alignedRows(
          FAULTS.map(({ name, part, summary, caughtBy, dialects }) => [
            name,
            part,
            `${summary} (${dialects ? `${dialects.join(', ')} only; ` : ''}caught by ${caughtBy.join(', ')})`,
          ]),
          output.columns,
        ),
      )
    return EXIT.pass
  },
})

export const faults = defineGroup('faults', 'faults of the embedded cluster', [list])
