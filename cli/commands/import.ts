import { EXIT } from '#weir/errors/index.ts'
import { defineCommand } from '../command.ts'

export const importCommand = defineCommand({
  usage: 'import <recording>',
  summary: 'turn a recording of a real evacuation into a record that "weir check" judges',
  options: (yargs) =>
    yargs
      .positional('recording', {
        type: 'string',
        demandOption: true,
        describe: 'folder with events.csv, scrape.csv and states.txt',
      })
      .option('out', { type: 'string', demandOption: true, describe: 'folder to write the record to' }),
  async run({ recording, out }, output) {
    const { importRecording } = await import('#weir/import/index.ts')
    await importRecording(recording, out)
    output.print(`${out}: judge it with "weir check ${out}"`)
    return EXIT.pass
  },
})
