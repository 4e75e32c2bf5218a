import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KINDS, REASONS } from '#weir/bench/events/words.ts'
import { CLIENT_EVENT_KINDS } from '#weir/record/clients.ts'
import { projectFile } from '../../support/project-file.ts'

test('the kinds of events are the record’s, in its order', () => {
  assert.equal([...KINDS], [...CLIENT_EVENT_KINDS])
})

test('every reason is one that the record’s format names', () => {
  const source = readFileSync(projectFile('record/clients.ts'), 'utf8')
  const named = [...source.matchAll(/`([a-z-]*|'')`/g)].map(([, word]) => (word === "''" ? '' : word))
  for (const reason of REASONS) assert.ok(named.includes(reason), `"${reason}" is not in record/clients.ts`)
})

test.run()
