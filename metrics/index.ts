/** Metrics for a Prometheus: samples of the families in facts/metrics.ts, as text and served over HTTP. */
export { BucketCounts, bucketSamples } from './bucket-counts.ts'
export { type Listening, listenAt } from './listen.ts'
export { readPlace } from './place.ts'
export { byLabel, current, plain, type Sample, type Samples } from './samples.ts'
export { type MetricsServer, serveMetrics } from './serve.ts'
export { type Exposition, exposition } from './text.ts'
