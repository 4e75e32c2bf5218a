/** Recordings of real clusters and records of both quick scenarios, changed: each verdict changes as the table says. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { linesOf, runSuite, withQuickRecords } from '../mutations/suite.ts'
import { MUTATIONS } from '../mutations/table.ts'

const results = withQuickRecords((dirs) => runSuite(dirs))

for (const { name } of MUTATIONS)
  test(name, async () => {
    const result = (await results).find(({ mutation }) => mutation.name === name)!
    assert.is(result.deviations.length, 0, linesOf(result).join('\n'))
    assert.ok(result.judged > 0, 'no recording has what it changes')
  })

test.run()
