import { EXIT } from '#weir/errors/index.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { alignedRows } from '../table.ts'

const list = defineCommand({
  usage: 'list',
  summary: 'every fault, the part that misbehaves, and the assertions that must catch it',
  options: (yargs) => yargs,
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

/** weir faults: the switchable misbehaviours of weir's own testbeds. */
export const faults = defineGroup('faults', "the switchable misbehaviours of weir's own testbeds", [list])
