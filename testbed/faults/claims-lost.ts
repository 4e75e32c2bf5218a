import { fault } from './fault.ts'

export const claimsLost = fault({
  name: 'claims-lost',
  part: 'apiserver',
  summary:
    'the API server overlooks the claims on a shared licence: of two at once it accepts both, and forgets the first',
  shownBy: 'connections-race',
  caughtBy: ['limit-holds'],
  apiserver: () => ({ overlooks: (plural, name) => plural === 'configmaps' && name === 'weir-licence' }),
})
