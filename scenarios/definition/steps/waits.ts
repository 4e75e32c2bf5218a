import Type from 'typebox'
import { closed } from '../closed.ts'
import { action, type Kind, seconds, wait } from './kind.ts'

/** What is waited for, newcomers that show where clients land, and pauses. */
export const WAITS = {
  'cluster-ready': wait('cluster-ready', 300),
  'fleet-connected': wait('fleet-connected', 300),
  'clients-located': wait('clients-located', 120),
  'connect-more': action('connect-more', 120, {
    clients: Type.Integer({
      description:
        'connect-more: how many clients connect once, and leave when every node has told which of them it took. What is judged of the fleet ends here.',
      minimum: 1,
    }),
    perSecond: Type.Optional(
      Type.Integer({
        description:
          'connect-more: how many come a second. Each then tries once, so that it shows who is refused.',
        minimum: 1,
      }),
    ),
    protocol: Type.Enum(['5', '3.1.1'], {
      description: 'connect-more: what they speak.',
      default: '5',
    }),
  }),
  running: wait('running', 300),
  'members-running': wait('members-running', 120),
  'setting-read': wait('setting-read', 150),
  'held-up': wait('held-up', 120),
  reverted: wait('reverted', 120),
  'change-begun': wait('change-begun', 86_400),
  draining: wait('draining', 150),
  upgraded: wait('upgraded', 'formula'),
  stopped: wait('stopped', 180),
  gone: wait('gone', 120),
  exposed: wait('exposed', 300),
  hold: {
    key: 'hold' as const,
    properties: { hold: closed({ seconds }, { description: 'Keep observing for this time.' }) },
  },
  mark: {
    key: 'mark' as const,
    properties: { mark: Type.String({ description: 'Put a note into the record.', minLength: 1 }) },
  },
} as const satisfies Record<string, Kind>
