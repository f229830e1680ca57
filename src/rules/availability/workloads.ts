/** Workloads whose selector says which pods are theirs. */
export const SELECTING = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'];
