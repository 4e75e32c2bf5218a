/** deploy/rbac.yaml grants what weir does to an API server: all of it, and nothing else. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAllDocuments } from 'yaml'
import { dialects } from '#weir/cluster/dialects/index.ts'
import { type Permission, permissionsFor, permissionText } from '#weir/cluster/index.ts'
import { projectFile } from '../support/project-file.ts'

interface RbacObject {
  kind: string
  metadata: { name: string; namespace?: string }
  rules?: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[]
  roleRef?: { kind: string; name: string }
  subjects?: { kind: string; name: string; namespace?: string }[]
}

/** The names that the file is written for. */
const NAMES = { v1beta4: 'emqx-ee', v2beta1: 'emqx' }

const objects = parseAllDocuments(readFileSync(projectFile('deploy/rbac.yaml'), 'utf8')).map(
  (document) => document.toJS() as RbacObject,
)

const line = (scope: Permission['scope'], text: string) => `${scope}: ${text}`

function granted(): string[] {
  return objects.flatMap(({ kind, rules = [] }) => {
    const scope = kind === 'ClusterRole' ? 'cluster' : 'namespace'
    return rules.flatMap((rule) =>
      rule.apiGroups.flatMap((group) =>
        rule.resources.flatMap((path) => {
          const [resource = '', subresource] = path.split('/')
          return rule.verbs.flatMap((verb) =>
            (rule.resourceNames ?? [undefined]).map((name) =>
              line(scope, permissionText({ verb, group, resource, subresource, name } as Permission)),
            ),
          )
        }),
      ),
    )
  })
}

function needed(): Set<string> {
  return new Set(
    Object.values(dialects).flatMap((dialect) =>
      permissionsFor(dialect, { changes: true, name: NAMES[dialect.id] }).map((one) =>
        line(one.scope, permissionText(one)),
      ),
    ),
  )
}

test('everything that weir does is granted, and nothing else', () => {
  assert.ok(needed().size > 20)
  assert.equal(granted().toSorted(), [...needed()].toSorted())
})

test('nothing is granted twice', () => {
  const all = granted()
  assert.is(new Set(all).size, all.length)
})

test('only the role for changes changes anything', () => {
  const changing = objects.filter(({ rules = [] }) =>
    rules.some(
      ({ verbs, resources }) =>
        verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)) &&
        !resources.includes('pods/portforward'),
    ),
  )
  assert.equal(
    changing.map(({ metadata }) => metadata.name),
    ['weir-change'],
  )
})

test('each role is bound to the one ServiceAccount, in one namespace', () => {
  const account = objects.find(({ kind }) => kind === 'ServiceAccount')!
  const bound = objects.filter(({ roleRef }) => roleRef)
  const roles = objects.filter(({ rules }) => rules)
  assert.equal(
    bound.map(({ roleRef }) => `${roleRef!.kind} ${roleRef!.name}`).toSorted(),
    roles.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(),
  )
  for (const { subjects } of bound) assert.equal(subjects, [{ kind: 'ServiceAccount', ...account.metadata }])
  const namespaces = objects.flatMap(({ metadata }) => metadata.namespace ?? [])
  assert.equal([...new Set(namespaces)], [account.metadata.namespace])
})

test.run()
