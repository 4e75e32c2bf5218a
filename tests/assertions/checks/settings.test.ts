/** limit-holds and immediate on a small record: green on the honest one, red on the change that each exists for, open where it is unknown. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Finding } from '#weir/assertions/index.ts'
import type { NewcomersEvent, RecordEvent } from '#weir/facts/index.ts'
import { type ClientEventRow, fleetOf, type RunRecord, recordOf } from '#weir/record/index.ts'
import { saysOf } from './honest-run.ts'
import { NODE, podEvent, S } from './made-events.ts'
import { parameters } from './made-run.ts'

const TRIGGER = 20 * S
const END = 150 * S
const CLIENTS = 60

type Newcomers = Pick<NewcomersEvent, 'clients' | 'connected' | 'overQuota'> & Partial<NewcomersEvent>

interface Change {
  name?: 'connections' | 'project'
  value?: string
  /** [seconds after the change, value] */
  reads?: [number, string][]
  newcomers?: Newcomers[]
  moreClients?: ClientEventRow[]
  moreEvents?: RecordEvent[]
  within?: number | null
}

const WAVE: Newcomers = { clients: 140, connected: 90, overQuota: 50 }

function made(change: Change = {}): RunRecord {
  const { name = 'connections', value = '120', newcomers = [WAVE], within = 5 } = change
  const {
    reads = [
      [0.5, '60'],
      [1, value],
      [1.5, value],
      [30, value],
    ],
  } = change
  const rows: ClientEventRow[] = []
  for (let client = 0; client < CLIENTS; client++) {
    rows.push({ t: 2 * S + client, client, kind: 'attempt' })
    rows.push({ t: 2 * S + client + 1e6, client, kind: 'connected', code: 0 })
  }
  const setting = (t: number, phase: 'asked' | 'read', of: string): RecordEvent => ({
    ...{ t, type: 'setting', name, phase, value: of, via: 'blue-0', tookNs: 1e6 },
  })
  const events: RecordEvent[] = [
    podEvent('blue-0', 0.5 * S),
    setting(19 * S, 'read', '60'),
    { t: TRIGGER, type: 'mark', name: 'trigger' },
    setting(TRIGGER + 1, 'asked', value),
    ...reads.map(([seconds, of]) => setting(TRIGGER + seconds * S, 'read', of)),
    ...newcomers.map(
      (one, wave): RecordEvent => ({
        ...{ t: (70 + wave) * S, type: 'newcomers', fromT: (69 + wave) * S, refused: 0, failed: 0 },
        ...{ complete: true, perSecond: 10, nodes: [{ node: NODE('blue-0'), clients: one.connected }] },
        ...one,
      }),
    ),
    { t: END, type: 'mark', name: 'fleet-stopping' },
    ...(change.moreEvents ?? []),
  ]
  const { dialect } = parameters()
  return recordOf({
    parameters: parameters({
      clients: CLIENTS,
      nodes: 1,
      dialect: { ...dialect, ...(within !== null && { limitWithinSeconds: within }) },
    }),
    manifest: { end: { t: END, how: 'completed' } },
    fleet: fleetOf(CLIENTS, [{ name: 'clean', protocol: '5', persistent: false, subscribed: false }]),
    clients: [...rows, ...(change.moreClients ?? [])],
    events: events.sort((a, b) => a.t - b.t),
    scrapes: [],
  })
}

type Id = 'limit-holds' | 'immediate'
const says = (change: Change, id: Id): Finding => saysOf(made(change), id)

const lowered: Change = {
  value: '40',
  newcomers: [
    { clients: 20, connected: 0, overQuota: 20 },
    { clients: 20, connected: 0, overQuota: 0, refused: 20, unavailable: 20 },
  ],
}

/** [what, change, assertion] */
const GREEN: [string, Change, Id][] = [
  ['a limit that is raised', {}, 'limit-holds'],
  ['a limit that is raised', {}, 'immediate'],
  ['a limit that is lowered, with both protocols', lowered, 'limit-holds'],
  [
    'exactly the limit and no more',
    { newcomers: [{ clients: 140, connected: 60, overQuota: 80 }] },
    'limit-holds',
  ],
  [
    'a burst until the next count',
    { newcomers: [{ clients: 200, connected: 72 + 60, overQuota: 68 }] },
    'limit-holds',
  ],
  [
    'the licence of EMQX 4.4 after a minute and a half',
    {
      within: 120,
      reads: [
        [0.5, '60'],
        [89, '60'],
        [90, '120'],
      ],
    },
    'immediate',
  ],
  [
    'a project',
    {
      name: 'project',
      value: 'b',
      reads: [
        [0.4, 'none'],
        [0.9, 'b'],
      ],
    },
    'immediate',
  ],
  [
    'of two requests one is accepted',
    { moreEvents: claims(['cluster', 'accepted'], ['rival', 'refused']) },
    'limit-holds',
  ],
  [
    'the first is taken back before the second is accepted',
    {
      moreEvents: claims(
        ['cluster', 'refused'],
        ['rival', 'accepted'],
        ['rival', 'withdrawn'],
        ['cluster', 'accepted'],
      ),
    },
    'limit-holds',
  ],
]

for (const [what, change, id] of GREEN)
  test(`${id} passes: ${what}`, () => {
    const { outcome, sentence } = says(change, id)
    assert.is(outcome, 'pass', sentence)
  })

function claims(...all: [by: string, outcome: 'accepted' | 'refused' | 'withdrawn'][]): RecordEvent[] {
  return all.map(([by, outcome], i) => ({
    ...{ t: 19.5 * S + i, type: 'claim', by, outcome, connections: 120, total: 150 },
  }))
}

/** [what, change, the assertion that must fail, its words] */
const RED: [string, Change, Id, RegExp][] = [
  [
    'far more are let in',
    { newcomers: [{ clients: 140, connected: 140, overQuota: 0 }] },
    'limit-holds',
    /^200 clients were connected at once, though the limit is 120 and nothing explains more than 192\./,
  ],
  [
    'one is let in beyond a limit that was reached all along',
    { ...lowered, newcomers: [{ clients: 20, connected: 1, overQuota: 19 }] },
    'limit-holds',
    /^61 clients were connected at once, though the limit is 40 and nothing explains more than 60\./,
  ],
  [
    'newcomers are refused below the limit',
    { newcomers: [{ clients: 140, connected: 59, overQuota: 81 }] },
    'limit-holds',
    /^81 newcomers were refused with 119 clients connected, though 120 are allowed\./,
  ],
  [
    'another reason is given',
    { newcomers: [{ clients: 140, connected: 90, overQuota: 0, refused: 50 }] },
    'limit-holds',
    /^50 refusals named another reason/,
  ],
  [
    'clients are kicked',
    { ...lowered, moreClients: [{ t: 21 * S, client: 7, kind: 'disconnected', reason: 'closed' }] },
    'limit-holds',
    /^1 client that were connected lost their connection after the limit was lowered; c7 was the first/,
  ],
  [
    'two requests are accepted for what one may have',
    { moreEvents: claims(['cluster', 'accepted'], ['rival', 'accepted']) },
    'limit-holds',
    /^2 requests at once were accepted for 240 connections together, though the licence has 150\./,
  ],
  [
    'no request is accepted',
    { moreEvents: claims(['cluster', 'refused'], ['rival', 'refused']) },
    'limit-holds',
    /^Of 2 requests at once none was accepted\./,
  ],
  [
    'the limit comes late',
    {
      reads: [
        [0.5, '60'],
        [6, '60'],
        [6.5, '120'],
      ],
    },
    'immediate',
    /^EMQX shows the number of connections 120 only 6\.5 s after it was asked for, later than 5 s\./,
  ],
  [
    'the limit never comes',
    {
      reads: [
        [0.5, '60'],
        [30, '60'],
      ],
    },
    'immediate',
    /^EMQX shows the number of connections 60 still 30\.0 s after 120 was asked for\./,
  ],
  [
    'the limit goes back',
    {
      reads: [
        [1, '120'],
        [30, '60'],
      ],
    },
    'immediate',
    /^EMQX shows the number of connections 60 again at \+30\.0 s after the trigger, though 120 was asked for\./,
  ],
  [
    'the list of projects is late',
    {
      name: 'project',
      value: 'b',
      reads: [
        [2.5, 'a'],
        [3, 'b'],
      ],
    },
    'immediate',
    /^The list of projects shows the project b only 3\.0 s after it was asked for, later than 2 s\./,
  ],
]

for (const [what, change, id, words] of RED)
  test(`${id} fails: ${what}`, () => {
    const { outcome, sentence } = says(change, id)
    assert.is(outcome, 'fail', sentence)
    assert.match(sentence, words)
  })

/** [what, change, the assertion that must stay open, its words] */
const OPEN: [string, Change, Id, RegExp][] = [
  ['nobody came', { newcomers: [] }, 'limit-holds', /no client came after the change/],
  [
    'too few came',
    { newcomers: [{ clients: 100, connected: 100, overQuota: 0 }] },
    'limit-holds',
    /no more than 160/,
  ],
  [
    'some had no answer',
    { newcomers: [{ ...WAVE, overQuota: 40 }] },
    'limit-holds',
    /10 newcomers had no answer/,
  ],
  ['EMQX never showed it', { reads: [] }, 'limit-holds', /EMQX never showed the limit/],
  ['EMQX never answered', { reads: [] }, 'immediate', /number of connections could not be read/],
  [
    'a gap in the samples',
    {
      reads: [
        [0.5, '60'],
        [40, '120'],
      ],
    },
    'immediate',
    /between the last sample .* lie 39\.5 s/,
  ],
  [
    'the record ends early',
    {
      reads: [
        [0.5, '60'],
        [3, '60'],
      ],
    },
    'immediate',
    /the record ends before/,
  ],
  ['an older record', { within: null }, 'immediate', /does not say how soon/],
]

for (const [what, change, id, words] of OPEN)
  test(`${id} is inconclusive: ${what}`, () => {
    const { outcome, sentence } = says(change, id)
    assert.is(outcome, 'inconclusive', sentence)
    assert.match(sentence, words)
  })

test.run()
