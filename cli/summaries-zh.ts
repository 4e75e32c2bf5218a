/** One line for each command in Chinese, by its line in English. */
export const SUMMARIES: Readonly<Record<string, string>> = {
  'run a scenario, judge it, and write the reports': '运行场景，判定，并写入报告',
  'record and judge an upgrade of your cluster that somebody else triggers': '记录并判定由他人触发的集群升级',
  'predict what an update will do to clients, or find the rates that keep to goals':
    '预测更新对客户端的影响，或找出符合目标的速率',
  'find the largest rate, or the most clients, at which what you name holds, by real runs':
    '通过实际运行，找出仍满足要求的最大速率或最多客户端',
  'run random sequences of operations and faults, and print the smallest that fails':
    '运行操作与故障的随机序列，并给出仍然失败的最小序列',
  'one operation on a cluster of your own, recorded and judged': '在自己的集群上执行一项操作，记录并判定',
  'change how many nodes accept clients; nodes that go are evacuated first':
    '更改接受客户端的节点数量；先疏散将被删除的节点',
  'make the cluster part of another project, without touching it': '把集群转移到另一个项目，不影响集群',
  'change how clients come in: from inside alone, by a port of every node, or by a load balancer':
    '更改客户端的访问方式：仅内部、节点端口或负载均衡',
  'change how many clients may be connected, without a restart': '更改最大连接数，不需要重启',
  'give the nodes the resources of a quota: pods are replaced, as in an update':
    '按规格更改每个节点的资源：与更新一样替换 Pod',
  "show EMQX's logs, of a cluster or of a record": '显示集群或记录中的 EMQX 日志',
  'level the nodes: those with more clients than the mean evict some':
    '重平衡：客户端多于平均值的节点断开一部分',
  'change to a newer version of EMQX': '升级到更新的 EMQX 版本',
  'change to an older version of EMQX': '降级到更旧的 EMQX 版本',
  'let the cluster have no nodes; its resource, Service and volumes stay':
    '停止集群的所有节点；资源、Service 和卷保留',
  'give a stopped cluster its nodes again': '重新启动已停止的集群',
  'stop the cluster, delete its resource, and prove that nothing of it is left':
    '停止集群，删除资源，并证明没有任何剩余',
  'rules of operations that the API server itself enforces': '由 API server 强制执行的操作规则',
  'print the ValidatingAdmissionPolicies that hold everybody to a policy':
    '打印使所有人遵守规则的 ValidatingAdmissionPolicy',
  'write them to a cluster; it takes an administrator of the whole cluster':
    '把它们写入集群；需要整个集群的管理员权限',
  'check what this machine and your cluster lack for a run; changes nothing':
    '检查本机和集群缺少什么；不做任何更改',
  'judge a record again, without a cluster': '重新判定记录，不需要集群',
  'show a record and its verdict, as a table or in another format': '以表格或其他格式显示记录及其结论',
  'show the runs in a folder and their reports in a browser': '在浏览器中显示文件夹中的运行及其报告',
  'compare runs with a baseline: which figures are better, the same, or worse':
    '与基线比较：哪些数据变好、不变或变差',
  'what later runs are compared with': '供以后的运行比较的基线',
  'print a baseline of some runs, small enough to be committed': '打印若干次运行的基线，可以提交到代码库',
  'list, print and check scenarios': '列出、打印和检查场景',
  'list the scenarios that come with weir': '列出 weir 自带的场景',
  'print a scenario with every default filled in': '打印场景，填入全部默认值',
  'check a scenario file': '检查场景文件',
  'faults of the embedded cluster': '内置集群的故障',
  'list faults, the part that misbehaves, and the assertions that must catch them':
    '列出故障、出错的部分，以及必须发现它们的断言',
  'what weir verifies': 'weir 验证的内容',
  'list assertions, their sources, and their bounds with defaults': '列出断言、出处，以及界限及其默认值',
  'keep a cluster running, to use with kubectl': '保持集群运行，供 kubectl 使用',
  'start a cluster that keeps running, and print its kubeconfig': '启动持续运行的集群，并打印其 kubeconfig',
  'stop the cluster that "up" started': '停止由 up 启动的集群',
  'show whether a cluster runs, and its kubeconfig': '显示集群是否在运行，以及其 kubeconfig',
  'print the configuration with which a Prometheus scrapes the EMQX pods of a cluster':
    '打印 Prometheus 抓取集群中 EMQX Pod 的配置',
  'turn a recording of a real cluster into a record that "weir check" judges':
    '把真实集群的录制转换为 weir check 可判定的记录',
  'run the load generator alone': '单独运行负载生成器',
  'connect MQTT clients and hold the connections': '连接 MQTT 客户端并保持连接',
  'connect MQTT clients that subscribe, and count the messages': '连接订阅主题的 MQTT 客户端，并统计消息',
  'connect MQTT clients that publish': '连接发布消息的 MQTT 客户端',
  'print a script with which a shell completes commands, flags and names':
    '打印用于补全命令、选项和名称的 shell 脚本',
}
