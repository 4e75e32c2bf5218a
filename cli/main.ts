import { EXIT } from '#weir/errors/index.ts'
import { chooseLanguage } from '#weir/facts/index.ts'
import { adviseOnFlags } from './bench/advice.ts'
import { withNow } from './commands/compare.ts'
import { commands } from './commands/index.ts'
import { describeFailure } from './failure.ts'
import { withHelp } from './help-words.ts'
import { spokenIn } from './language.ts'
import { type Output, processOutput } from './output.ts'
import { makeParser, shortFlags } from './parser.ts'
import { refuseUnknownCommand } from './usage.ts'

/** Runs one command line. Returns the exit code (errors/catalogue.ts) and never throws. */
export async function main(words: readonly string[], output: Output = processOutput()): Promise<number> {
  let exitCode: number = EXIT.pass
  try {
    const spoken = spokenIn(words, output.env)
    chooseLanguage(spoken.language)
    const argv = withHelp(spoken.words)
    refuseUnknownCommand(argv, commands)
    adviseOnFlags(argv)
    const parser = makeParser(commands, { output, finish: (code) => (exitCode = code) })
    // With a callback yargs passes its help and version texts instead of printing them.
    await parser.parseAsync([...withNow(argv)], {}, (_error: unknown, _args: unknown, text: string) => {
      if (text) output.print(shortFlags(text))
    })
    return exitCode
  } catch (error) {
    const failure = describeFailure(error, words.includes('--debug'))
    for (const line of failure.lines) output.note(line)
    return failure.exitCode
  }
}
