import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseCredentials, readCredentials } from '#weir/bench/credentials/credentials-file.ts'
import type { WeirError } from '#weir/errors/index.ts'
import { refused } from '../command/refused.ts'

const parse = (text: string) => parseCredentials('users.csv', text)

test('columns in any order, by the header', () => {
  assert.equal(parse('password,clientid,username\np1,c1,u1\np2,c2,u2\n'), {
    ...{ password: ['p1', 'p2'], clientid: ['c1', 'c2'], username: ['u1', 'u2'] },
    ...{ path: 'users.csv', length: 2 },
  })
  assert.equal(parse('Username\r\nu1\r\n').username, ['u1'])
})

test('values as spreadsheets write them: quoted, with commas, quotes and line feeds, after a byte order mark', () => {
  const { password, length } = parse('\ufeffusername,password\nu1,"a,""b""\nc"\n\nu2,%i\n')
  assert.equal(password, ['a,"b"\nc', '%i'])
  assert.is(length, 2)
})

test('every list of values comes back', () => {
  const value = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
      const lines = values.map((text) => `x,"${text.replaceAll('"', '""')}"`)
      assert.equal(parse(['username,password', ...lines].join('\n')).password, values)
    }),
  )
})

for (const [what, text, words] of [
  ['an empty file', '', 'the first line must be a header'],
  ['no header', 'dev_1,hunter2\n', 'names none of clientid, username, password'],
  ['a column of another name', 'clientid,secret\na,b\n', 'has the column "secret"'],
  ['a column twice', 'clientid,clientid\na,b\n', 'has the column "clientid" twice'],
  ['a row too short', 'clientid,password\na,b\nc\n', 'line 3 has 1 value, and the header 2'],
  ['a row too long', 'clientid\na,b\n', 'line 2 has 2 values, and the header 1'],
  ['the same id twice', 'clientid\na\n\nb\na\n', 'lines 2 and 5 both have the client id "a"'],
  ['no id', 'clientid,username\n,b\n', 'line 2 has no client id'],
  ['a quote without its end', 'clientid\n"a\n', 'line 2 has a quote'],
  [
    'a user name that MQTT has no room for',
    `username\n${'x'.repeat(65_536)}\n`,
    'line 2 has more than 65535 bytes',
  ],
] as const)
  test(`${what} is refused with its line`, () => refused(() => parse(text), words))

test('what may be a secret is not shown', () => {
  for (const text of [
    'dev_1,hunter2\n',
    'username,password\ndev,hunter2,more\n',
    'username,password\ndev,"hunter2\n',
  ])
    assert.throws(
      () => parse(text),
      (error: WeirError) => error.code === 'WEIR_USAGE' && !error.message.includes('hunter2'),
    )
})

test('a file that is not there', () =>
  refused(() => readCredentials('/no/such.csv'), '/no/such.csv cannot be read'))

test.run()
