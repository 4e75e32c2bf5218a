/**
 * Lists what happened in the clusters of two runs, in order, and marks what differs: so the emulated operator is held against a
 * released one.
 *
 * usage: node dist/tools/cluster-events/main.js RECORD RECORD [--all] [--from SECONDS]
 *        RECORD  the folder of a run
 *        --all   prints also what is the same in both
 *        --from  leaves out what came earlier than this after the trigger; 0 leaves out the installation
 *
 * Each line: seconds after the trigger in the first and in the second run, a mark, what happened. "<" and ">" are in one run alone,
 * "~" is in both but in another order.
 */
import { parseArgs } from 'node:util'
import { readRecord } from '#weir/record/index.ts'
import { differenceOf, type Row } from './difference.ts'
import { timelineOf } from './timeline.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false }, from: { type: 'string', default: '-Infinity' } },
})
const [first, second] = positionals
if (first === undefined || second === undefined || positionals.length > 2) {
  console.error('usage: node dist/tools/cluster-events/main.js RECORD RECORD [--all] [--from SECONDS]')
  process.exit(2)
}

const read = async (dir: string) =>
  timelineOf((await readRecord(dir)).events).filter(({ seconds }) => seconds >= Number(values.from))

const mark = ({ kind, left }: Row) => {
  if (kind === 'same') return ' '
  if (kind === 'elsewhere') return '~'
  return left === undefined ? '>' : '<'
}

const time = (seconds: number | undefined) => (seconds?.toFixed(1) ?? '').padStart(7)

const rows = differenceOf(await read(first), await read(second))
for (const row of rows)
  if (values.all || row.kind !== 'same')
    console.log(`${time(row.left)} ${time(row.right)}  ${mark(row)} ${row.text}`)
const count = (kind: Row['kind']) => rows.filter((row) => row.kind === kind).length
console.log(
  `\n${count('same')} the same, ${count('elsewhere')} places in another order, ${count('only')} in one run alone`,
)
