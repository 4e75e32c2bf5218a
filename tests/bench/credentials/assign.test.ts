import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { assignCredentials, type CredentialsRequest } from '#weir/bench/credentials/assign.ts'
import { parseCredentials } from '#weir/bench/credentials/credentials-file.ts'
import { Authority } from '../brokers/certificates.ts'
import { refused } from '../command/refused.ts'

const assign = (request: Partial<CredentialsRequest>) =>
  assignCredentials({ clients: 3, clientId: 'c_%i', ...request })
const file = (text: string) => parseCredentials('users.csv', text)

test('what is the same for all stays one text', () => {
  assert.equal(assign({ username: 'me', password: 'secret' }), {
    ...{ clientId: 'c_%i', username: 'me', password: 'secret' },
  })
  assert.equal(assign({ clientId: '%u-%i', username: 'me' }), { clientId: 'me-%i', username: 'me' })
  assert.equal(assign({}), { clientId: 'c_%i' })
})

test('every variable, in user name and password', () => {
  const { credentials, username, password } = assign({ username: 'dev_%i/%c/%{i+1}', password: 'pw_%u' })
  assert.equal(credentials!.usernames, ['dev_0/c_0/1', 'dev_1/c_1/2', 'dev_2/c_2/0'])
  assert.equal(credentials!.passwords, ['pw_dev_0/c_0/1', 'pw_dev_1/c_1/2', 'pw_dev_2/c_2/0'])
  assert.is(credentials!.ids, undefined)
  assert.equal([username, password], [undefined, undefined])
})

test('%%i is meant by its letters, and so are other per cent signs', () => {
  assert.is(assign({ password: '5%%i%c' }).credentials!.passwords![1], '5%ic_1')
  assert.equal(assign({ password: '100%%copper 5%' }).password, '100%copper 5%')
  assert.is(assign({ password: '50%off' }).password, '50%off')
})

test('an id without %i gets the index, and an id with a user name of its own is taken as it is', () => {
  assert.is(assign({ clientId: 'dev', username: '%c' }).credentials!.usernames![2], 'dev_2')
  assert.equal(assign({ clientId: 'x-%u', username: 'dev_%i' }).credentials!.ids, [
    'x-dev_0',
    'x-dev_1',
    'x-dev_2',
  ])
})

test('a file sets what it has columns for, row by row; more rows than clients are no mistake', () => {
  const columns = file('username,clientid\nu0,a\nu1,b\nu2,c\nu3,d\n')
  const { credentials, password } = assign({ columns, password: 'of-%u' })
  assert.equal(credentials, {
    ids: ['a', 'b', 'c'],
    usernames: ['u0', 'u1', 'u2'],
    passwords: ['of-u0', 'of-u1', 'of-u2'],
  })
  assert.is(password, undefined)
  const literal = assign({ columns: file('password\n%i\n%c\n%u\n'), username: 'me' })
  assert.equal(literal.credentials, { passwords: ['%i', '%c', '%u'] })
  assert.is(literal.username, 'me')
})

test('numbers begin with the start number, and so do the rows of a file', () => {
  const numbered = assign({ startNumber: 100, username: 'dev_%i', password: '%c/%{i+1}', clientId: 'c' })
    .credentials!
  assert.equal(numbered.usernames, ['dev_100', 'dev_101', 'dev_102'])
  assert.equal(numbered.passwords, ['c_100/101', 'c_101/102', 'c_102/100'])
  const columns = file('clientid\na\nb\nc\nd\n')
  assert.equal(assign({ startNumber: 1, columns }).credentials!.ids, ['b', 'c', 'd'])
  refused(
    () => assign({ startNumber: 2, columns }),
    'has 4 rows, and there are 3 clients from row 2 on: use at most 2 clients',
  )
})

for (const [what, request, words] of [
  [
    'a file with too few rows',
    { columns: file('username\na\n') },
    'users.csv has 1 rows, and there are 3 clients: use at most 1 client',
  ],
  [
    'two clients of one id',
    { columns: file('username\na\nb\na\n'), clientId: 'x-%u' },
    'clients 0 and 2 would both have the id "x-a"',
  ],
  ['a user name that needs itself', { username: 'x%u' }, '-u has %u'],
  ['an id and a user name that need each other', { username: '%c', clientId: '%u' }, 'each needs the other'],
  ['an id that is not known yet', { username: '%c', clientId: '' }, 'the server chooses it later'],
  ['a certificate without its key', { cert: 'certs/%i.pem' }, '--cert and --key belong together'],
  [
    'a certificate that is not there',
    { cert: '/no/%i.pem', key: '/no/%i.key' },
    '--cert /no/0.pem cannot be read',
  ],
] as const)
  test(`${what} is refused`, () => refused(() => assign(request), words))

test('certificates and keys by the pattern of their files, each pair fitted together', async () => {
  const authority = await Authority.create()
  const folder = mkdtempSync(join(tmpdir(), 'weir-certificates-'))
  try {
    const made = await Promise.all([0, 1, 2].map((k) => authority.issue(`dev_${k}`)))
    for (const [k, { cert, key }] of made.entries()) {
      writeFileSync(join(folder, `${k}.pem`), cert)
      writeFileSync(join(folder, `${k}.key`), key)
    }
    const paths = { cert: join(folder, '%i.pem'), key: join(folder, '%i.key') }
    assert.equal(
      assign(paths).credentials!.certificates,
      made.map(({ cert, key }) => ({ cert, key })),
    )
    refused(() => assign({ ...paths, key: join(folder, '0.key') }), '1.pem and --key')
    refused(() => assign({ ...paths, key: join(folder, '%{i+1}.key') }), 'does not belong to the certificate')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test.run()
