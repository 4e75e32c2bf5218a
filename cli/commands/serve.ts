import { EXIT, WeirError } from '#weir/errors/index.ts'
import { defineCommand } from '../command.ts'

const LAST_PORT = 65_535

export const serve = defineCommand({
  usage: 'serve [runs]',
  summary: 'show the runs in a folder and their reports in a browser',
  examples: [
    ['serve', 'the runs in runs/, at http://127.0.0.1:8964/'],
    ['serve /tmp/runs --port 0', 'another folder, at a free port'],
  ],
  options: (yargs) =>
    yargs
      .positional('runs', { type: 'string', default: 'runs', describe: 'folder with the records' })
      .option('port', { type: 'number', default: 8964, describe: 'port to listen at; 0 chooses one' })
      .option('host', {
        type: 'string',
        default: '127.0.0.1',
        describe: 'address to listen at; another than the default lets other machines read the records',
      })
      .check(({ port }) => {
        if (Number.isInteger(port) && port >= 0 && port <= LAST_PORT) return true
        throw new WeirError('WEIR_USAGE', `--port takes a whole number from 0 to ${LAST_PORT}`)
      }, false),
  async run({ runs, host, port }, output) {
    const { serveRuns } = await import('../serve/server.ts')
    const { onInterrupt } = await import('../run/signals.ts')
    const { signal, release } = onInterrupt()
    const { origin, close } = await serveRuns(runs, { host, port })
    output.print(`${origin}/`)
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
    await close()
    release()
    return EXIT.pass
  },
})
