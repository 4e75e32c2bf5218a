import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { equal } from '#weir/testbed/apiserver/json.ts'
import { mergePatch } from '#weir/testbed/apiserver/operations/patch.ts'
import { applyJsonPatch } from '#weir/testbed/apiserver/patch/json-patch.ts'
import { strategicMergePatch } from '#weir/testbed/apiserver/patch/strategic.ts'

/** Appendix A of RFC 7386. */
const RFC_7386: [unknown, unknown, unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
]

RFC_7386.forEach(([target, patch, expected], i) => {
  test(`merge patch: RFC 7386 example ${i + 1}`, () => {
    assert.equal(mergePatch(target, patch), expected)
  })
})

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
  ),
})).value

test('a merge patch changes neither of its arguments, and a second time it changes nothing', () => {
  fc.assert(
    fc.property(json, json, (target, patch) => {
      const before = JSON.stringify([target, patch])
      const once = mergePatch(target, patch)
      assert.is(JSON.stringify([target, patch]), before)
      assert.ok(equal(mergePatch(once, patch), once))
    }),
  )
})

test('json patch adds, replaces, removes and tests', () => {
  const result = applyJsonPatch({ spec: { replicas: 3, list: [1] } }, [
    { op: 'test', path: '/spec/replicas', value: 3 },
    { op: 'replace', path: '/spec/replicas', value: 5 },
    { op: 'add', path: '/spec/list/-', value: 2 },
    { op: 'add', path: '/metadata', value: { labels: { 'a/b': 'c' } } },
    { op: 'remove', path: '/metadata/labels/a~1b' },
  ])
  assert.equal(result, { spec: { replicas: 5, list: [1, 2] }, metadata: { labels: {} } })
})

test('a json patch that does not fit is a 422, one that is none a 400', () => {
  const codeOf = (target: unknown, patch: unknown) => {
    try {
      applyJsonPatch(target, patch)
    } catch (error) {
      return (error as { code: number }).code
    }
    return 0
  }
  assert.is(codeOf({}, [{ op: 'test', path: '/a', value: 1 }]), 422)
  assert.is(codeOf({}, [{ op: 'replace', path: '/a', value: 1 }]), 422)
  assert.is(codeOf({}, [{ op: 'remove', path: '/a/b' }]), 422)
  assert.is(codeOf({}, { a: 1 }), 400)
})

const deployment = () => ({
  metadata: { finalizers: ['one'], ownerReferences: [{ uid: '1', name: 'a' }] },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'emqx',
            image: 'emqx:1',
            env: [{ name: 'A', value: '1' }],
            ports: [{ containerPort: 1883, name: 'mqtt' }],
          },
          { name: 'reloader', image: 'reloader:1' },
        ],
        tolerations: [{ key: 'x' }],
      },
    },
  },
})
const podSpec = (patch: unknown) => {
  const result = strategicMergePatch(deployment(), { spec: { template: { spec: patch } } }) as ReturnType<
    typeof deployment
  >
  return result.spec.template.spec as unknown as Record<string, { name?: string; [field: string]: unknown }[]>
}

test('strategic: containers are merged by name, their env by name, their ports by number', () => {
  const { containers } = podSpec({
    containers: [
      {
        name: 'emqx',
        image: 'emqx:2',
        env: [{ name: 'B', value: '2' }],
        ports: [{ containerPort: 1883, protocol: 'TCP' }, { containerPort: 8883 }],
      },
    ],
  })
  assert.equal(containers, [
    {
      name: 'emqx',
      image: 'emqx:2',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      ports: [{ containerPort: 1883, name: 'mqtt', protocol: 'TCP' }, { containerPort: 8883 }],
    },
    { name: 'reloader', image: 'reloader:1' },
  ])
})

test('strategic: $patch deletes an item or replaces a list', () => {
  const names = (patch: unknown) => podSpec(patch).containers!.map((container) => container.name)
  assert.equal(names({ containers: [{ name: 'reloader', $patch: 'delete' }] }), ['emqx'])
  assert.equal(names({ containers: [{ $patch: 'replace' }, { name: 'only' }] }), ['only'])
  assert.equal(podSpec({ containers: [{ name: 'emqx', $patch: 'replace', image: 'x' }] }).containers![0], {
    name: 'emqx',
    image: 'x',
  })
})

test('strategic: $setElementOrder orders, $retainKeys drops, tolerations are replaced whole', () => {
  const ordered = podSpec({ '$setElementOrder/containers': [{ name: 'reloader' }, { name: 'emqx' }] })
  assert.equal(
    ordered.containers!.map((container) => container.name),
    ['reloader', 'emqx'],
  )
  assert.equal(Object.keys(podSpec({ $retainKeys: ['containers'] })), ['containers'])
  assert.equal(podSpec({ tolerations: [{ key: 'y' }] }).tolerations, [{ key: 'y' }])
})

test('strategic: finalizers are a set, owners are told apart by uid, and lists of scalars can lose items', () => {
  const result = strategicMergePatch(deployment(), {
    metadata: {
      finalizers: ['one', 'two'],
      ownerReferences: [{ uid: '2', name: 'b' }],
    },
  }) as ReturnType<typeof deployment>
  assert.equal(result.metadata.finalizers, ['one', 'two'])
  assert.equal(
    result.metadata.ownerReferences.map((owner) => owner.uid),
    ['1', '2'],
  )
  const less = strategicMergePatch(deployment(), {
    metadata: { '$deleteFromPrimitiveList/finalizers': ['one'] },
  })
  assert.equal((less as ReturnType<typeof deployment>).metadata.finalizers, [])
})

test('strategic: ports of a Service merge by port, subsets of Endpoints are atomic', () => {
  const service = { spec: { ports: [{ port: 1883, nodePort: 30001 }] } }
  assert.equal(strategicMergePatch(service, { spec: { ports: [{ port: 1883, name: 'mqtt' }] } }), {
    spec: { ports: [{ port: 1883, nodePort: 30001, name: 'mqtt' }] },
  })
  const endpoints = { subsets: [{ addresses: [{ ip: 'a' }] }] }
  assert.equal(strategicMergePatch(endpoints, { subsets: [{ addresses: [{ ip: 'b' }] }] }), {
    subsets: [{ addresses: [{ ip: 'b' }] }],
  })
})

test('without lists, a strategic merge is a merge patch', () => {
  const flat = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.constant(null),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
    ),
  })).value
  fc.assert(
    fc.property(flat, flat, (target, patch) => {
      assert.equal(strategicMergePatch(target, patch), mergePatch(target, patch))
    }),
  )
})

test.run()
