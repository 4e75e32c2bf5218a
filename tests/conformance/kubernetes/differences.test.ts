/** The list of differences lets through what is on it, and nothing else. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { messageOf } from '#weir/errors/index.ts'
import { mustFail } from './suite.ts'
import { type Answer, refused } from './world.ts'

const DIFFERENCE = { reason: 'it trusts everybody', failure: /"kind":"Role".* 201 instead of 403$/ }

/** What is wrong with a case on the list, if anything is. */
const complaint = (act: () => void | Promise<void>): Promise<string | undefined> =>
  mustFail(async () => act(), DIFFERENCE).then(() => undefined, messageOf)

const answered = (status: number, body: object) => () =>
  refused({ status, headers: {}, body } as Answer, 403, 'Forbidden', 'no')

test('a case that fails as listed is a difference', async () => {
  assert.is(await complaint(answered(201, { kind: 'Role' })), undefined)
})

test('a server that crashes, one that is silent, and a mistake in the case are none', async () => {
  const crash = await complaint(answered(500, { kind: 'Status', message: 'a Role' }))
  assert.match(crash!, /^it fails in another way .*"a Role".* 500 instead of 403$/)
  const silence = await complaint(() => Promise.reject(new Error('waited in vain for a Role')))
  assert.match(
    silence!,
    /^it fails in another way than the one that is listed \(it trusts everybody\): waited/,
  )
  assert.match((await complaint(() => (undefined as unknown as () => void)()))!, /is not a function$/)
})

test('a case that holds is to be taken off the list', async () => {
  assert.match((await complaint(() => {}))!, /^it holds, .*: take it off the list$/)
})

test.run()
