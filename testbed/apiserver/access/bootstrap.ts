import { readFileSync } from 'node:fs'
import { RBAC_GROUP, type Rule } from './rules.ts'

/** As bootstrap.yaml lists them. */
const ROLES: { name: string; groups: string[]; rules: Rule[] }[] = JSON.parse(
  readFileSync(new URL('./bootstrap.json', import.meta.url), 'utf8'),
)
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }

/** The ClusterRoles and their bindings that every cluster has and that matter to those who are no part of it. */
export const bootstrapRoles = () => ROLES.map(({ name, rules }) => ({ metadata: { name, labels }, rules }))

export const bootstrapBindings = () =>
  ROLES.map(({ name, groups }) => ({
    metadata: { name, labels },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name },
    subjects: groups.map((group) => ({ apiGroup: RBAC_GROUP, kind: 'Group', name: group })),
  }))
