import { EXIT } from '#weir/errors/index.ts'
import { defineCommand, defineHidden, type Registration } from '../command.ts'
import { SCRIPTS, SHELLS } from '../completion/scripts.ts'

export const completion = defineCommand({
  usage: 'completion <shell>',
  summary: 'print a script with which a shell completes commands, flags and names',
  examples: [
    ['completion bash', 'in ~/.bashrc: eval "$(weir completion bash)"'],
    ['completion zsh', 'in ~/.zshrc, after compinit: eval "$(weir completion zsh)"'],
    ['completion fish', 'in ~/.config/fish/config.fish: weir completion fish | source'],
  ],
  options: (yargs) =>
    yargs.positional('shell', { choices: SHELLS, demandOption: true, describe: 'shell that runs it' }),
  async run({ shell }, output) {
    output.print(SCRIPTS[shell])
    return EXIT.pass
  },
})

/** What the scripts call, with the words up to the cursor: in no help, because nobody types it. */
export const completeWords = (commands: () => readonly Registration[]): Registration =>
  defineHidden('complete-words', async (words, output) => {
    const { candidates } = await import('../completion/candidates.ts')
    const found = await candidates(words, commands())
    if (found.length > 0) output.print(found.join('\n'))
  })
