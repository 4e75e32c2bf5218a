import Type, { type Static } from 'typebox'
import { ASSERTION_IDS, type AssertRequest, DIALECT_NAMES, EMULATED_LINES } from '#weir/facts/index.ts'
import { closed } from './closed.ts'
import { Fleet } from './fleet.ts'
import { SCENARIO_FORMAT } from './format.ts'
import { StepSchema } from './step.ts'

const rate = (what: string) => Type.Integer({ description: `${what} per second and node.`, minimum: 1 })
const wait = Type.Integer({ minimum: 0 })

const Cluster = closed({
  dialect: Type.Enum([...DIALECT_NAMES], { description: "The custom resource's API." }),
  manifest: Type.Unsafe<Record<string, unknown>>({
    description:
      "The custom resource that the run applies on weir's own testbeds: inline, or a YAML file beside the scenario. No credentials.",
    type: ['object', 'string'],
  }),
  judgeAs: Type.Optional(
    closed(
      {
        connEvictRate: rate('Connections'),
        sessEvictRate: rate('Sessions'),
        waitTakeoverSeconds: wait,
        initialDelaySeconds: wait,
      },
      {
        description:
          "The rates and waits that the run must keep if the resource configures none: for a control experiment, or to judge the operator's defaults.",
      },
    ),
  ),
})

const Testbed = closed(
  {
    kind: Type.Enum(['embedded', 'control-plane', 'kind'], {
      description:
        "The API server and the controllers: emulated; Kubernetes' own, in a network namespace; or a whole kind cluster in docker (Linux, root).",
      default: 'embedded',
    }),
    operator: Type.Union(
      [
        Type.Enum([...EMULATED_LINES], { description: 'The release line to emulate.' }),
        closed(
          {
            binary: Type.String({
              description: 'A build of the EMQX Operator for this machine; a path relative to the scenario.',
            }),
            manifests: Type.Optional(
              Type.String({
                description:
                  "A folder or file with the operator's definitions, webhooks, roles and Deployment; the binary's own folder if left out.",
              }),
            ),
          },
          { description: 'A build of the EMQX Operator to run as a process.' },
        ),
      ],
      { description: 'The EMQX Operator: a release line to emulate, or a build to run.', default: '2.1.2' },
    ),
    emqx: Type.Optional(
      Type.Array(
        closed({
          dir: Type.String({
            description: 'An unpacked EMQX 5 installation; a path relative to the scenario.',
          }),
          version: Type.Optional(
            Type.String({
              description: 'The version of images that it stands for; all of EMQX 5 if left out.',
            }),
          ),
        }),
        {
          description: 'EMQX 5 installations whose nodes run as processes, instead of emulated ones.',
          minItems: 1,
        },
      ),
    ),
    pollIntervalSeconds: Type.Number({
      description:
        "The operator's pause between two reconciliations while something is under way. Released operators: 20 for v1beta4, 1 for the others.",
      exclusiveMinimum: 0,
      default: 20,
    }),
    healthCheckWaitSeconds: Type.Optional(
      Type.Number({
        description:
          "EMQX 5's own wait before it evicts, when the operator sends none. Released versions: 60. EMQX 4.4 has none.",
        minimum: 0,
      }),
    ),
    secretSyncSeconds: Type.Optional(
      Type.Number({
        description:
          'How often the emulated kubelet writes the Secrets that pods mount again: a changed licence of EMQX 4.4 waits for it. Real ones: about 60.',
        exclusiveMinimum: 0,
      }),
    ),
    loadBalancer: Type.Optional(
      closed(
        {
          addresses: Type.Optional(
            Type.Integer({
              description: 'How many addresses each gets; 1 if left out.',
              minimum: 1,
              maximum: 8,
            }),
          ),
          hostname: Type.Optional(
            Type.Boolean({ description: 'true: a host name in place of each address.' }),
          ),
          pending: Type.Optional(
            Type.Boolean({ description: 'true: none, for ever, as in a cluster without a cloud.' }),
          ),
          remakeSeconds: Type.Optional(
            Type.Number({
              description:
                'How long a load balancer has no address that is made anew because annotations choose another kind; 1 if left out.',
              minimum: 0,
            }),
          ),
        },
        {
          description:
            'What Services of type LoadBalancer get from the emulated cloud. kind clusters have none.',
        },
      ),
    ),
    faults: Type.Array(Type.String(), {
      description: 'Faults of the testbed to switch on: see weir faults list.',
      default: [],
    }),
  },
  {
    description: "Settings of weir's own testbeds. A user's cluster ignores them, and refuses faults.",
    default: {},
  },
)

const Observe = closed(
  {
    scrapeIntervalSeconds: Type.Number({
      description: 'Between two scrapes of one pod.',
      minimum: 0.5,
      default: 10,
    }),
    sampleIntervalSeconds: Type.Number({
      description: "Between two samples of EMQX's evacuation status and membership.",
      minimum: 0.2,
      default: 1,
    }),
    listingIntervalSeconds: Type.Number({
      description: "Between two listings of one node's clients.",
      minimum: 0.5,
      default: 10,
    }),
    probeIntervalSeconds: Type.Number({ minimum: 0.2, default: 1 }),
    scrape: Type.Boolean({
      description: 'Scrape the pods. false: a Prometheus alone shows their gauges.',
      default: true,
    }),
    logMiB: Type.Number({
      description:
        "How much of EMQX's logs is recorded at most, in MiB; of one pod a quarter of it. 0: the logs are not followed.",
      minimum: 0,
      default: 64,
    }),
    prometheus: Type.Optional(
      Type.String({
        description:
          'Address of a Prometheus that scrapes the pods: its samples are recorded and judged beside those of weir. Credentials belong in the environment.',
      }),
    ),
  },
  { default: {} },
)

/** What a label may be called, as a regular expression. */
export const LABEL_NAME = '[A-Za-z][\\w.-]*'

const assertion = { enum: ASSERTION_IDS }

const requestedAssertion = {
  type: ['string', 'object'],
  if: { type: 'object' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    required: ['id'],
    additionalProperties: false,
    properties: {
      id: assertion,
      bounds: { type: 'object', additionalProperties: { type: 'number' } },
    },
  },
  else: assertion,
}

/** A list of ids, with bounds where the defaults do not fit; or all assertions but some. */
const Assert = Type.Unsafe<AssertRequest[]>({
  description:
    'What to verify: ids of weir assertions list, with bounds where the defaults do not fit, or {except: [ids], also: [ids]} for all others of an update, and also these.',
  type: ['array', 'object'],
  default: { except: [] },
  items: requestedAssertion,
  required: ['except'],
  additionalProperties: false,
  properties: {
    except: { type: 'array', items: assertion },
    also: { type: 'array', items: requestedAssertion },
  },
})

/**
 * The one definition of a scenario: its types, the JSON Schema that validates it, and its defaults. scenario.schema.json is written
 * from it for editors.
 */
export const ScenarioSchema = closed(
  {
    name: Type.String({ description: "Part of the record's folder name.", pattern: '^[a-z0-9][a-z0-9-]*$' }),
    description: Type.String({ description: 'What the scenario shows, in a few sentences.', minLength: 1 }),
    format: Type.Optional(
      Type.Literal(SCENARIO_FORMAT, {
        description:
          'The format of the file, in files that weir wrote: another version of weir may refuse it.',
      }),
    ),
    cluster: Cluster,
    testbed: Testbed,
    fleet: Fleet,
    steps: Type.Array(StepSchema, { description: 'What happens, in order.', minItems: 1 }),
    observe: Observe,
    assert: Assert,
    knownDeviations: Type.Array(Type.String(), {
      description: 'Ids of known deviations of operators that this run must show, exactly.',
      default: [],
    }),
    mayDeviate: Type.Array(Type.String(), {
      description: 'Ids of known deviations of operators that this run may show, or not, by chance.',
      default: [],
    }),
    control: Type.Optional(
      Type.String({ description: 'The scenario that proves that weir detects a storm.' }),
    ),
    labels: Type.Optional(
      Type.Record(Type.String({ pattern: `^${LABEL_NAME}$` }), Type.String({ minLength: 1 }), {
        description: 'What tells this run from others of the scenario, in the title of every report.',
        additionalProperties: false,
      }),
    ),
  },
  {
    title: 'weir scenario',
    description:
      'What a run does: which cluster, which clients, which steps, what to observe, and what to verify.',
  },
)

/** A scenario with its defaults filled in. */
export type Scenario = Static<typeof ScenarioSchema>
