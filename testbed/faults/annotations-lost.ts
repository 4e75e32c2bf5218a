import { fault } from './fault.ts'

export const annotationsLost = fault({
  name: 'annotations-lost',
  part: 'apiserver',
  summary: 'Services lose their annotations when they are written',
  shownBy: 'network-loadbalancer',
  caughtBy: ['service-as-asked'],
  apiserver: () => ({
    admitted(plural, object) {
      if (plural !== 'services') return object
      const { annotations: _, ...metadata } = object.metadata
      return { ...object, metadata }
    },
  }),
})
