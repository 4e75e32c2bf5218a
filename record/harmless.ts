/** What is known to hold no secret, of what would be masked for its place alone. */

const ENVIRONMENT: readonly RegExp[] = [
  /^(POD|NODE|HOST)_(NAME|NAMESPACE|IP|UID)$|^(NAMESPACE|HOSTNAME|TZ|LANG|LC_ALL|PATH|HOME|GOMAXPROCS|GOMEMLIMIT)$/,
  // What the operators and users set of EMQX that decides where it listens, how it clusters, logs and sizes itself.
  /^EMQX_(NAME|HOST|ACL_FILE|LOG__\w+|RPC__\w+|BROKER__\w+|ZONE__\w+|MQTT__\w+|ALLOW_ANONYMOUS|LOADED_PLUGINS|LOADED_MODULES)$/,
  /^EMQX_CLUSTER__\w+$|^EMQX_NODE__(NAME|ROLE|DATA_DIR|PROCESS_LIMIT|MAX_PORTS|DB_\w+)$|^EMQX_NODE_NAME$/,
  /^EMQX_(DASHBOARD|MANAGEMENT)__LISTENERS?__\w+$|^EMQX_PROMETHEUS__\w+$/,
  /^EMQX_LISTENERS?__\w+$|^EMQX_(PLUGINS__ETC_DIR|MANAGEMENT__BOOTSTRAP_APPS_FILE|API_KEY__BOOTSTRAP_FILE|LICENSE__FILE)$/,
  /^(OPERATOR_NAMESPACE|ENABLE_WEBHOOKS|WATCH_NAMESPACE)$/,
]

/** Headers of HTTP that say what is sent, not who sends it. */
const HEADER =
  /^(accept(-\w+)?|content-(type|length|encoding|disposition)|host|user-agent|connection|cache-control|x-forwarded-(proto|port))$/i

/** Fields of Kubernetes objects that are random or look so, and that verdicts need: names, ids, versions, digests. */
const FIELD =
  /^(uid|name|generateName|namespace|resourceVersion|image|imageID|containerID|bootID|machineID|systemUUID|nodeName|hostname|host|hostIP|podIP|ip|node|pod|set|etag|kind|apiVersion|type|reason|component|fieldPath|serviceName|claimName|secretName|volumeName|currentRevision|updateRevision|currentStatefulSet|originStatefulSet|controller-revision-hash|pod-template-hash|startTime|finishedAt|.*(Time|Timestamp|-hash|Hash|\/pod-name))$/

export const isHarmlessVariable = (name: string): boolean => ENVIRONMENT.some((one) => one.test(name))
export const isHarmlessHeader = (name: string): boolean => HEADER.test(name)
export const isHarmlessField = (name: string): boolean => FIELD.test(name)
