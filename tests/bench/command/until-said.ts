import { main } from '#weir/cli/main.ts'
import { memoryOutput, type Ran } from '../../cli/weir.ts'
import { until } from '../support/until.ts'

/** Runs `weir bench …` in this process until it has said these words on stderr, then presses Ctrl-C. */
export async function untilSaid(args: string[], words: string): Promise<Ran> {
  const { output, said } = memoryOutput()
  const ended = main(['bench', ...args], output)
  let over = false
  void ended.then(() => (over = true))
  await until(`it said "${words}"`, () => over || said.stderr.includes(words))
  // The handler of the command, without a signal that would end the test where there is none.
  if (!over) process.emit('SIGINT')
  const code = await ended
  return { code, ...said }
}
