import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { REDACTED, withoutSecrets } from '#weir/record/index.ts'

test('a Secret keeps the names of its keys and nothing of what they hold', () => {
  const secret = {
    kind: 'Secret',
    metadata: { name: 'emqx-ee-license', managedFields: [{}] },
    data: { 'emqx.lic': 'bGljZW5jZQ==' },
    stringData: { password: 'public' },
  }
  assert.equal(withoutSecrets(secret), {
    kind: 'Secret',
    metadata: { name: 'emqx-ee-license' },
    data: { 'emqx.lic': REDACTED },
    stringData: { password: REDACTED },
  })
})

test('secrets are found wherever an object may hide one', () => {
  const text = JSON.stringify(
    withoutSecrets({
      kind: 'EmqxEnterprise',
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"a":"hidden-1"}}',
        },
      },
      spec: {
        license: { stringData: 'hidden-2', secretName: 'kept-name' },
        bootstrapAPIKeys: [{ key: 'kept-key', secret: 'hidden-3' }],
        template: {
          spec: {
            emqxContainer: {
              emqxConfig: { 'dashboard.default_user.password': 'hidden-4', 'log.level': 'kept-level' },
              env: [
                { name: 'EMQX_DASHBOARD__DEFAULT_PASSWORD', value: 'hidden-5' },
                { name: 'EMQX_LICENSE__KEY', value: 'hidden-6' },
                { name: 'EMQX_NAME', value: 'kept-env' },
                { name: 'FROM', valueFrom: { secretKeyRef: { name: 'kept-ref', key: 'password' } } },
              ],
            },
          },
        },
        config: {
          data: 'dashboard { default_password = "hidden-7" }\nlicense { key = hidden-8 }\nname = kept-hocon',
        },
      },
    }),
  )
  assert.not.match(text, /hidden/)
  for (const kept of ['name', 'key', 'level', 'env', 'ref', 'hocon'])
    assert.match(text, new RegExp(`kept-${kept}`))
})

test('the object itself is left as it was', () => {
  const object = { kind: 'Secret', data: { a: 'b' } }
  withoutSecrets(object)
  assert.is(object.data.a, 'b')
})

test('what is no object passes', () => {
  assert.is(withoutSecrets(undefined), undefined)
  assert.is(withoutSecrets('text'), 'text')
})

const R = REDACTED

/** What the text `given` becomes as a value in a ConfigMap's `emqx.conf`. */
const text = (given: string) =>
  (withoutSecrets({ kind: 'ConfigMap', data: { 'emqx.conf': given } }) as { data: Record<string, string> })
    .data['emqx.conf']

for (const [given, kept] of [
  [
    ['-u', 'admin', '-p', 'public', '-P', '8081'],
    ['-u', R, '-p', R, '-P', '8081'],
  ],
  [
    ['-u', 'admin', '-p', '1234', '-P', '8081'],
    ['-u', R, '-p', R, '-P', '8081'],
  ],
  [
    ['-p', '1883', '-P', 'public'],
    ['-p', '1883', '-P', R],
  ],
  [['--password=foo'], [`--password=${R}`]],
  [['--password=fo,o b}ar'], [`--password=${R}`]],
  [
    ['--token', 'foo', '--secret', 'bar', '--user', 'a:b', '-ua:b'],
    ['--token', R, '--secret', R, '--user', R, `-u${R}`],
  ],
  [
    ['DB_PASSWORD=foo bar', '--user=a:b'],
    [`DB_PASSWORD=${R}`, `--user=${R}`],
  ],
  [
    ['sh', '-c', 'curl -u admin:public http://127.0.0.1:8081/api; echo done'],
    ['sh', '-c', `curl -u ${R} http://127.0.0.1:8081/api; echo done`],
  ],
] as const)
  test(`arguments: ${given.join(' ')}`, () => {
    assert.equal(withoutSecrets({ args: given, command: given }), { args: kept, command: kept })
  })

for (const [given, kept] of [
  ['dashboard.password = zz', `dashboard.password = ${R}`],
  ['dashboard.password = zz, yy }z\na = b', `dashboard.password = ${R}\na = b`],
  ['node.cookie = "abc"', `node.cookie = ${R}`],
  ['-setcookie abc\n-name emqx@a', `-setcookie ${R}\n-name emqx@a`],
  ['db { password = "a \\" b", pool = 8 }', `db { password = ${R}, pool = 8 }`],
  ['{"password":"a b","port":1}', `{"password":"${R}","port":1}`],
  ['x {\\"password\\":\\"a b\\",\\"port\\":1}', `x {\\"password\\":${R},\\"port\\":1}`],
  ['bootstrap_user: name:secret', `bootstrap_user: ${R}`],
  ['url = "mysql://root:p@ss@db:3306/x"', `url = "mysql://${R}@db:3306/x"`],
  ['curl -H "Authorization: Bearer abc" http://a', `curl -H "Authorization: ${R}" http://a`],
  ['password: |\n  abc\nport: 1', `password: ${R}\nport: 1`],
  ['license {\n  key = """ab\ncd"""\n}', `license {\n  key = ${R}\n}`],
  ['a\n-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nb', `a\n${R}\nb`],
  ['-----BEGIN CERTIFICATE-----\nabc', R],
  ['{"env":[{"name":"DB_PASSWORD","value":"abc"}]}', `{"env":[{"name":"DB_PASSWORD","value":"${R}"}]}`],
] as const)
  test(`text: ${JSON.stringify(given)}`, () => {
    assert.is(text(given), kept)
  })

test('what only looks like a secret stays', () => {
  const object = {
    kind: 'Pod',
    metadata: { name: 'emqx-0', annotations: { a: '{ "b" : [1] }' } },
    spec: {
      automountServiceAccountToken: true,
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }],
      containers: [
        {
          image: 'registry:5000/emqx@sha256:abcd',
          command: ['mkdir', '-p', '/opt/emqx/data'],
          ports: ['-P', '8081'],
          args: ['mosquitto_sub', '-p', '1883', '-t', 'a/b', 'sh', '-c', 'mkdir -p /a && ls -l'],
        },
      ],
      volumes: [{ name: 'bootstrap-user', secret: { secretName: 'emqx-ee-bootstrap-user' } }],
    },
    status: { message: 'secret "emqx-license" not found; see https://emqx.example:8081/me@home' },
  }
  assert.equal(withoutSecrets(object), object)
})

test('ConfigMap keys that hold users go whole, and numbers may be passwords', () => {
  assert.equal(
    withoutSecrets({
      kind: 'ConfigMap',
      data: { bootstrap_user: 'a:b', bootstrap_api_key: 'c:d', 'tls.key': 'e', 'acl.conf': '{allow, all}.' },
      binaryData: { x: 'cGFzc3dvcmQ9YQ==' },
      spec: { password: 1234, port: 1883 },
    }),
    {
      kind: 'ConfigMap',
      data: { bootstrap_user: R, bootstrap_api_key: R, 'tls.key': R, 'acl.conf': '{allow, all}.' },
      binaryData: { x: R },
      spec: { password: R, port: 1883 },
    },
  )
})

/** Every way that a secret is written somewhere, as the field or fields that hold it. */
const plantings: ((secret: string) => Record<string, unknown>)[] = [
  (secret) => ({ args: ['-u', 'admin', '-p', secret, '-P', '8081'] }),
  (secret) => ({ command: ['x', '--token', secret, '-v'] }),
  (secret) => ({ args: [`--api-key=${secret}`] }),
  (secret) => ({ command: ['sh', '-c', `sleep 1; curl -u 'me:${secret}' http://a | cat`] }),
  (secret) => ({ 'emqx.conf': `a = 1\nnode.cookie = ${secret}\nb = 2` }),
  (secret) => ({ 'emqx.conf': `db { server = x, password = "${secret}" }` }),
  (secret) => ({ message: `cannot reach mqtt://me:${secret}@host:1883/x` }),
  (secret) => ({ env: [{ name: 'DB_PASS', value: secret }] }),
  (secret) => ({ bootstrap_user: `me:${secret}` }),
  (secret) => ({ note: JSON.stringify({ clientSecret: secret }) }),
  (secret) => ({ pem: `-----BEGIN EC PRIVATE KEY-----\n${secret}\n-----END EC PRIVATE KEY-----` }),
]

const plain = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,6}$/).filter((name) => !/pass|cookie|token/.test(name)),
  fc.oneof(fc.integer(), fc.boolean(), fc.stringMatching(/^[A-Za-z0-9 ./]{0,20}$/), fc.constant(null)),
  { noNullPrototype: true },
)
const path = fc.array(fc.oneof(fc.constantFrom('spec', 'template', 'items', 'data'), fc.nat(2)), {
  maxLength: 5,
})

/** `leaf` at the end of `steps`, with `around` beside it at every level; a number is a place in a list. */
const bury = (leaf: unknown, steps: (string | number)[], around: Record<string, unknown>): unknown =>
  steps.reduceRight<unknown>(
    (inner, step) =>
      typeof step === 'number' ? [...Array(step).fill(around), inner] : { ...around, [step]: inner },
    leaf,
  )

test('a secret planted anywhere never survives', () => {
  fc.assert(
    fc.property(
      plain,
      path,
      fc.constantFrom(...plantings),
      fc.stringMatching(/^[A-Za-z0-9!$%^*_+.,}{)(]{3,20}$/),
      (around, steps, plant, random) => {
        const secret = `S_3${random}cr_3t`
        const kept = JSON.stringify(withoutSecrets({ root: bury(plant(secret), steps, around) }))
        assert.not.ok(kept.includes('cr_3t') || kept.includes('S_3'), kept)
      },
    ),
    { numRuns: 500 },
  )
})

test('an object without secrets comes back equal', () => {
  fc.assert(
    fc.property(plain, path, plain, (around, steps, leaf) => {
      const object = { root: bury(leaf, steps, around) }
      assert.equal(withoutSecrets(object), object)
    }),
  )
})

test('a long text costs little more than its length', () => {
  for (const long of [
    'a'.repeat(400_000),
    'password '.repeat(40_000),
    'password = a '.repeat(40_000),
    'x=1,password: a,'.repeat(40_000),
    '-p '.repeat(100_000),
    '://'.repeat(100_000),
  ])
    assert.type(text(long), 'string')
})

test.run()
