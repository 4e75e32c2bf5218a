/** What each known deviation of released software is (assertions/deviations/), by its id. */
export const deviations = {
  'operator-2.1.3-2.2.29-undrained-delete':
    'EMQX Operator 2.1.3 to 2.2.29 keeps old pods of a v1beta4 cluster in the Endpoints and deletes them as their evacuation starts, with their clients on them.',
  'operator-2.1.0-2.2.29-set-left':
    'EMQX Operator 2.1.0 to 2.2.29 leaves the set of a change that could not be made at its full size when the change is taken back or corrected.',
  'operator-2.1.0-2.2.29-revert-repeats':
    'EMQX Operator 2.1.0 to 2.2.29 never ends a v1beta4 update that is taken back while clients move: it evacuates and takes away pods that their set makes anew.',
  'operator-2.1.0-2.2.29-strategy-removed':
    'EMQX Operator 2.1.0 to 2.2.29 ends by a nil pointer, again after each start, when a v1beta4 resource loses blueGreenUpdate in the middle of an update.',
  'operator-2.1.0-2.1.2-service-back':
    'EMQX Operator 2.1.0 to 2.1.2 leads the Service of a v1beta4 cluster back to the old nodes while a new node is missing.',
  'operator-2.1.0-2.2.29-ports-removed':
    'EMQX Operator 2.1.0 to 2.2.29 takes the ports that a v1beta4 resource does not name out of the Service for a pass when EMQX does not answer; they come back with other node ports.',
  'operator-2.2.0-2.2.29-api-outage':
    'EMQX Operator 2.2.0 to 2.2.29 takes every new pod of a v2beta1 cluster out of the Service while the HTTP API of EMQX does not answer.',
  'operator-2.2.0-2.2.29-rebalance-given-up':
    'EMQX Operator 2.2.0 to 2.2.29 calls a rebalance failed because nodes that give are not ready, while EMQX goes on with it.',
  'operator-2.1.0-2.2.29-running-early':
    'EMQX Operator 2.1.0 to 2.2.29 says Running on v1beta4 when EMQX lists the nodes that it asks for: pods may not be ready by then, and the Service leads to them a look later.',
  'operator-2.1.3-2.2.29-target-port':
    'EMQX Operator 2.1.3 to 2.2.29 leads a port of the Service of a v1beta4 cluster to the same port of the pods, whatever targetPort says.',
  'operator-2.1.0-2.2.29-every-listener':
    'EMQX Operator 2.1.0 to 2.2.29 puts every listener of EMQX into its Service, on v1beta4 its management too: a Service for clients from outside shows them all.',
  'operator-2.1.0-2.2.29-annotations-stay':
    'EMQX Operator 2.1.0 to 2.2.29 never takes an annotation off a Service, also when the resource does not name it any more.',
}
