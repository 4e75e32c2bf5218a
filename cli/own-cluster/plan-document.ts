import Type, { type Static } from 'typebox'
import { ADDRESS_WORDS } from '#weir/facts/index.ts'
import { type Plan, sizesText } from '#weir/preflight/index.ts'
import { withoutSecrets } from '#weir/record/index.ts'

const ADDRESS_NAMES = Object.keys(ADDRESS_WORDS) as (keyof typeof ADDRESS_WORDS)[]
const closed = { additionalProperties: false }
const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const seconds = Type.Number({ minimum: 0 })
const orUnknown = <S extends Type.TSchema>(schema: S) => Type.Union([schema, Type.Null()])

/** The plan as `weir ops … --dry-run --json` prints it. What is null is unknown. */
export const PLAN_SCHEMA = Type.Object(
  {
    scenario: text,
    cluster: text,
    resource: Type.Object({ kind: text, apiVersion: text, namespace: text, name: text }, closed),
    operator: Type.Object({ line: orUnknown(text), how: text }, closed),
    emqx: Type.Object({ from: orUnknown(text), to: orUnknown(text) }, closed),
    nodes: Type.Object({ replicas: count, servingReplicas: count, resources: text }, closed),
    rates: Type.Object({ connEvictRate: seconds, sessEvictRate: seconds }, closed),
    /** Where the Services of the resource are reached now. A host is null where none is known yet. */
    addresses: orUnknown(
      Type.Array(
        Type.Object(
          {
            service: text,
            /** Name of the port. */
            name: text,
            kind: Type.Enum(ADDRESS_NAMES),
            host: orUnknown(text),
            port: count,
          },
          closed,
        ),
      ),
    ),
    clients: count,
    otherClients: orUnknown(count),
    expectedSeconds: seconds,
    limitSeconds: orUnknown(seconds),
    /** What weir does, in order. */
    actions: Type.Array(text),
    changes: Type.Array(
      Type.Object(
        {
          action: text,
          /** What is patched: `KIND NAMESPACE/NAME`. */
          of: text,
          says: Type.Optional(text),
          /** A merge patch, without secrets. */
          patch: Type.Unknown(),
          /** Refused: sent as a dry run, which the API server must refuse. Unchanged: the resource has these values already. */
          expect: Type.Enum(['accepted', 'refused', 'unchanged']),
          /** The part that gets the values from before when the run ends. */
          takenBack: Type.Optional(Type.Unknown()),
        },
        closed,
      ),
    ),
    assertions: Type.Array(text),
    leftOut: Type.Array(Type.Object({ id: text, why: text }, closed)),
    doubts: Type.Array(
      Type.Object(
        {
          state: Type.Enum(['warning', 'unknown']),
          says: text,
          todo: Type.Optional(text),
        },
        closed,
      ),
    ),
  },
  closed,
)

export type PlanDocument = Static<typeof PLAN_SCHEMA>

/** The plan for programs. */
export function planDocument(plan: Plan): PlanDocument {
  const { scenario, discovery, changes, notAsked, doubts } = plan
  const { dialect, namespace, name, server, operator, version, strategy } = discovery
  const { replicas, servingReplicas, connEvictRate, sessEvictRate } = strategy
  const resource = { kind: dialect.kind, apiVersion: dialect.apiVersion, namespace, name }
  const upgrade = scenario.steps.find((step) => 'action' in step && step.action === 'upgrade')
  return {
    scenario: scenario.name,
    cluster: server,
    resource,
    operator: { line: operator.line ?? null, how: operator.how },
    emqx: {
      from: version ?? null,
      to: (upgrade && 'version' in upgrade ? upgrade.version : version) ?? null,
    },
    nodes: { replicas, servingReplicas, resources: sizesText(plan.resources) },
    rates: { connEvictRate, sessEvictRate },
    addresses:
      discovery.addresses.found?.flatMap(({ service, addresses }) =>
        addresses.map(({ host = null, ...address }) => ({ service, host, ...address })),
      ) ?? null,
    clients: scenario.fleet.clients,
    otherClients: plan.otherClients ?? null,
    expectedSeconds: plan.expectedSeconds,
    limitSeconds: plan.limitSeconds ?? null,
    actions: scenario.steps.flatMap((step) => ('action' in step ? [step.action] : [])),
    changes: changes.map(({ action, object, says, patch, expect, forTheRun }) => ({
      action,
      of: object ?? `${resource.kind} ${namespace}/${name}`,
      ...(says !== undefined && { says }),
      patch: withoutSecrets(patch),
      expect,
      ...(forTheRun !== undefined && { takenBack: withoutSecrets(forTheRun) }),
    })),
    assertions: scenario.assert.map(({ id }) => id),
    leftOut: notAsked.map(({ id, why }) => ({ id, why })),
    doubts: doubts.map(({ state, says, todo }) => ({
      state: state === 'warning' ? 'warning' : 'unknown',
      says,
      ...(todo !== undefined && { todo }),
    })),
  }
}
