/** `npm run mutations [-- RECORD…] [--only TEXT]`. Without records it makes one of each quick scenario. */
import { linesOf, runSuite, withQuickRecords } from './suite.ts'

const args = process.argv.slice(2)
const at = args.indexOf('--only')
const only = at < 0 ? '' : args.splice(at, 2)[1]!

const results =
  args.length > 0 ? await runSuite(args, only) : await withQuickRecords((dirs) => runSuite(dirs, only))

let failed = 0
for (const result of results) {
  const isWrong = result.deviations.length > 0 || result.judged === 0
  if (isWrong) failed++
  console.log(`${isWrong ? 'FAILED' : 'ok    '} ${result.mutation.name}: ${result.judged} verdicts`)
  for (const line of linesOf(result)) console.log(`         ${line}`)
}
console.log(`\n${results.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
