/** Name of the container that bounds the log files of a pod. It mounts their volumes read-write, and only gives space back. */
export const ROTATOR = 'log-rotator';
