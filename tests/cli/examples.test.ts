/** Every example of a help text is a command line that weir takes. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Example, Registration } from '#weir/cli/command.ts'
import { withNow } from '#weir/cli/commands/compare.ts'
import { commands } from '#weir/cli/commands/index.ts'
import { withHelp } from '#weir/cli/help-words.ts'
import { examples, makeParser } from '#weir/cli/parser.ts'
import { refuseUnknownCommand } from '#weir/cli/usage.ts'
import { listScenarios, loadScenario } from '#weir/scenarios/index.ts'
import { memoryOutput, weir } from './weir.ts'

interface Named {
  words: string[]
  examples: readonly Example[]
}

/** Every command that is no group, and that a help lists. */
const all = (some: readonly Registration[], before: string[] = []): Named[] =>
  some.flatMap(({ name, members, examples, isHidden }) =>
    members.length > 0
      ? all(members, [...before, name])
      : isHidden
        ? []
        : [{ words: [...before, name], examples }],
  )

/** Parses with the checks of the command, and begins nothing. */
async function parsed(line: string): Promise<Record<string, unknown>> {
  // A shell takes these for itself, unless they are quoted.
  assert.not.match(line.replaceAll(/'[^']*'/g, ''), /[<>|;&$*?]/, line)
  const argv = withHelp(line.split(' ').map((word) => word.replaceAll("'", '')))
  refuseUnknownCommand(argv, commands)
  let args: Record<string, unknown> = {}
  const parser = makeParser(commands, {
    output: memoryOutput().output,
    finish: () => assert.unreachable('a command began'),
    parseOnly: true,
  })
  await parser.parseAsync([...withNow(argv)], {}, (_error: unknown, seen: Record<string, unknown>) => {
    args = seen
  })
  return args
}

for (const { words, examples } of all(commands))
  test(`weir ${words.join(' ')} has examples that it takes, in its help`, async () => {
    assert.ok(examples.length > 0)
    const { stdout } = await weir([...words, '--help'], { columns: 100 })
    for (const [line] of examples) {
      assert.equal(line.split(' ').slice(0, words.length), words)
      const { scenario, set, bound } = (await parsed(line)) as {
        scenario?: string
        set?: string[]
        bound?: string[]
      }
      if (scenario !== undefined && listScenarios().some(({ name }) => name === scenario))
        loadScenario(scenario, { set, bound })
      else assert.ok(scenario === undefined || scenario.endsWith('.yaml'), `${scenario} is a scenario`)
      assert.ok(
        stdout.split('\n').some((one) => one.trim() === `weir ${line}`),
        line,
      )
    }
  })

test('the examples of weir itself', async () => {
  for (const [line] of examples()) await parsed(line)
})

test('an example that is wrong would be seen', async () => {
  for (const line of [
    'run blue-green-quick --falt rate-13',
    'runn blue-green',
    'run x --fault rate-14',
    'check',
  ]) {
    const error = await parsed(line).catch((thrown: unknown) => thrown)
    assert.instance(error, Error, line)
  }
})

test.run()
