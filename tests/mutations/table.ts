import { CLIENT_MUTATIONS } from './clusters/clients.ts'
import { EVICTION_MUTATIONS } from './clusters/evictions.ts'
import { KUBERNETES_MUTATIONS } from './clusters/kubernetes.ts'
import { EVENT_MUTATIONS } from './knowledge/events.ts'
import { SCRAPE_MUTATIONS } from './knowledge/scrapes.ts'
import { SILENCE_MUTATIONS } from './knowledge/silence.ts'
import type { Mutation } from './mutation.ts'

/** Every mutation, with what a verdict may make of it. */
export const MUTATIONS: readonly Mutation[] = [
  ...CLIENT_MUTATIONS,
  ...EVICTION_MUTATIONS,
  ...KUBERNETES_MUTATIONS,
  ...SILENCE_MUTATIONS,
  ...SCRAPE_MUTATIONS,
  ...EVENT_MUTATIONS,
]
