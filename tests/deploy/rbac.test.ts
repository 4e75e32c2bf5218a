/** deploy/rbac.yaml, and fleet-rbac.yaml for fleets in pods, grant what weir does to an API server: all of it, and nothing else. */
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
const NAMES = { v1beta4: 'emqx-ee', v2beta1: 'emqx', v3beta1: 'emqx' }

const objectsOf = (file: string) =>
  parseAllDocuments(readFileSync(projectFile(file), 'utf8')).map((document) => document.toJS() as RbacObject)

const base = objectsOf('deploy/rbac.yaml')
const ofFleet = objectsOf('deploy/fleet-rbac.yaml')
const objects = [...base, ...ofFleet]

const line = (scope: Permission['scope'], text: string) => `${scope}: ${text}`

function granted(of = objects): string[] {
  return of.flatMap(({ kind, rules = [] }) => {
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

function needed(fleetJob = false): Set<string> {
  return new Set(
    Object.values(dialects).flatMap((dialect) =>
      permissionsFor(dialect, { changes: true, operates: true, name: NAMES[dialect.id], fleetJob }).map(
        (one) => line(one.scope, permissionText(one)),
      ),
    ),
  )
}

test('everything that weir does is granted, and nothing else', () => {
  assert.ok(needed().size > 20)
  assert.equal(granted(base).toSorted(), [...needed()].toSorted())
})

test('a fleet in pods needs what its own file grants, and nobody else has that', () => {
  const more = [...needed(true)].filter((one) => !needed().has(one))
  assert.equal(granted(ofFleet).toSorted(), more.toSorted())
  assert.ok(more.every((one) => !one.includes('get ') && !one.includes('list ')))
})

test('nothing is granted twice', () => {
  const all = granted()
  assert.is(new Set(all).size, all.length)
})

test('only the roles for changes and for fleets in pods change anything', () => {
  const changing = objects.filter(({ rules = [] }) =>
    rules.some(
      ({ verbs, resources }) =>
        verbs.some((verb) => !['get', 'list', 'watch'].includes(verb)) &&
        !resources.includes('pods/portforward'),
    ),
  )
  assert.equal(
    changing.map(({ metadata }) => metadata.name),
    ['weir-change', 'weir-fleet'],
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
