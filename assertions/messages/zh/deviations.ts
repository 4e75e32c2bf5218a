import type { deviations as english } from '../deviations.ts'

/** What each known deviation of released software is. */
export const deviations: typeof english = {
  'operator-2.1.3-2.2.29-undrained-delete':
    'EMQX Operator 2.1.3 至 2.2.29 把 v1beta4 集群的旧 Pod 留在 Endpoints 中，并在疏散开始时就删除它们，而客户端仍在其上。',
  'operator-2.1.0-2.2.29-set-left':
    'EMQX Operator 2.1.0 至 2.2.29 在更改被撤回或更正时，保留无法完成的更改所创建的节点组，且不缩减其规模。',
  'operator-2.1.0-2.2.29-revert-repeats':
    'EMQX Operator 2.1.0 至 2.2.29 无法结束在客户端迁移途中被撤回的 v1beta4 更新：它不断疏散并删除 Pod，而节点组又重新创建它们。',
  'operator-2.1.0-2.2.29-strategy-removed':
    '当 v1beta4 资源在更新途中失去 blueGreenUpdate 时，EMQX Operator 2.1.0 至 2.2.29 因空指针而退出，每次重启后都是如此。',
  'operator-2.1.0-2.1.2-service-back':
    '在某个新节点缺失期间，EMQX Operator 2.1.0 至 2.1.2 把 v1beta4 集群的 Service 重新指向旧节点。',
  'operator-2.1.0-2.2.29-ports-removed':
    '当 EMQX 无响应时，EMQX Operator 2.1.0 至 2.2.29 在一次调谐中把 v1beta4 资源未列出的端口从 Service 中移除；它们恢复时 NodePort 已改变。',
  'operator-2.2.0-2.2.29-api-outage':
    '当 EMQX 的 HTTP API 无响应时，EMQX Operator 2.2.0 至 2.2.29 把 v2beta1 集群的所有新 Pod 从 Service 中移除。',
  'operator-2.2.0-2.2.29-rebalance-given-up':
    'EMQX Operator 2.2.0 至 2.2.29 因迁出节点未就绪而将重平衡标记为失败，而 EMQX 仍在继续重平衡。',
  'operator-2.1.0-2.2.29-running-early':
    'EMQX Operator 2.1.0 至 2.2.29 在 v1beta4 上只要 EMQX 列出所要求的节点就报告 Running：此时 Pod 可能尚未就绪，Service 要到下一次检查才会指向它们。',
  'operator-2.1.3-2.2.29-target-port':
    'EMQX Operator 2.1.3 至 2.2.29 把 v1beta4 集群的 Service 端口指向 Pod 的相同端口，忽略 targetPort。',
  'operator-2.1.0-2.2.29-every-listener':
    'EMQX Operator 2.1.0 至 2.2.29 把 EMQX 的全部监听器放入自己的 Service，v1beta4 还包括管理端口：面向外部的 Service 会暴露全部端口。',
  'operator-2.1.0-2.2.29-annotations-stay':
    'EMQX Operator 2.1.0 至 2.2.29 从不移除 Service 的注解，即使资源中已不再有该注解。',
}
