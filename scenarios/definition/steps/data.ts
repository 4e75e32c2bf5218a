import Type from 'typebox'
import { action, type Kind } from './kind.ts'

/** What EMQX keeps, and what it knows of nodes that are gone. */
export const DATA = {
  'store-data': action('store-data', 60, {
    retained: Type.Integer({
      description: 'store-data: how many retained messages EMQX gets to keep.',
      minimum: 0,
      default: 20,
    }),
    sessions: Type.Integer({
      description: 'store-data: how many clients with a session come and go away.',
      minimum: 0,
      default: 2,
    }),
    queuedEach: Type.Integer({
      description: 'store-data: how many messages then wait for each of them.',
      minimum: 0,
      default: 10,
    }),
  }),
  'find-data': action('find-data', 60, {}),
  'forget-members': action('forget-members', 60, {}),
} as const satisfies Record<string, Kind>
