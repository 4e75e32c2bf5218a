import { EXIT } from '#weir/errors/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { alignedRows } from '../table.ts'

const list = defineCommand({
  usage: 'list',
  summary: 'list faults, the part that misbehaves, and the assertions that must catch them',
  async run(_args, output) {
    const { FAULTS } = await import('#weir/testbed/faults/index.ts')
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
