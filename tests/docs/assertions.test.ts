/** docs/assertions.md is written from the catalogue: WEIR_UPDATE_GOLDEN=1 writes it again. */
import { test } from 'uvu'
import { ASSERTION_IDS, definitionOf } from '#weir/facts/index.ts'
import { FAULTS } from '#weir/testbed/faults/index.ts'
import { matchesGolden } from '../reports/golden.ts'
import { projectFile } from '../support/project-file.ts'

const INTRODUCTION = `# Assertions

Written from \`facts/assertions/\`; \`weir assertions list\` prints the same. A scenario may change a bound:
\`assert: [{ id: downtime, bounds: { mostSeconds: 5 } }]\`. Each assertion has at least one fault of the embedded cluster
that must make it fail (\`weir run … --fault NAME\`). [facts.md](facts.md) says what each takes its facts for, and what
leaves it inconclusive.
`

function section(id: (typeof ASSERTION_IDS)[number]): string {
  const { title, source, bounds, needs } = definitionOf(id)
  const faults = FAULTS.filter(({ caughtBy }) => (caughtBy as readonly string[]).includes(id))
  const rows = Object.entries(bounds).map(
    ([name, bound]) => `| \`${name}\` | ${bound.default} ${bound.unit} | ${bound.meaning} |`,
  )
  return [
    `## ${id}`,
    '',
    `${title[0]!.toUpperCase()}${title.slice(1)}.`,
    '',
    ...(rows.length > 0 ? ['| bound | default | meaning |', '|---|---|---|', ...rows, ''] : []),
    `Needs: ${needs.join(', ')}. Faults: ${faults.map(({ name }) => `\`${name}\``).join(', ')}. Source: ${source}.`,
    '',
  ].join('\n')
}

test('docs/assertions.md is what the catalogue says', () => {
  const text = [INTRODUCTION, ...ASSERTION_IDS.map(section)].join('\n')
  matchesGolden(text, projectFile('docs/assertions.md'))
})

test.run()
