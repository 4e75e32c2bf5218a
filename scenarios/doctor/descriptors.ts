import { requireDescriptors } from '#weir/bench/index.ts'
import { defineCheck, hasClients, ok } from './check.ts'

/** This process may open a socket for every client. */
export const descriptors = defineCheck({
  id: 'descriptors',
  title: 'open files',
  code: 'WEIR_DESCRIPTORS',
  matters: hasClients,
  needs: [],
  look({ clients }) {
    requireDescriptors(clients)
    return { lines: [ok(`enough for ${clients} clients`)] }
  },
})
