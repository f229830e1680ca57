import { FluentdOutput } from './fluentd-output';

/** Where fluentd keeps its position and its buffers: an emptyDir of its own. */
export const STATE_DIRECTORY = '/fluentd/state';

/** Position of every file that is read. */
export const POSITION_FILE = `${STATE_DIRECTORY}/tail.pos`;

/** Longer lines are skipped: they would fill memory before anything could refuse them. */
const MAX_LINE = '1m';

/** Holds the address that the kubelet dials; only the running pod knows whether that is one of IPv4 or of IPv6. */
export const POD_IP_VARIABLE = 'POD_IP';

/** What the configuration is made of. */
export interface FluentdModel {
  readonly tail: string[];
  readonly output: FluentdOutput;
  /** Whether lines are JSON objects. */
  readonly json: boolean;
  readonly bufferBytes: number;
  readonly healthPort: number;
}

/**
 * The configuration of fluentd.
 *
 * @see https://docs.fluentd.org/input/tail
 */
export function renderFluentdConfig(model: FluentdModel): string {
  return [
    ...block('source', [
      '@type tail',
      '@id tail',
      `path ${model.tail.join(',')}`,
      '# A directory of its own: the logs are mounted read-only.',
      `pos_file ${POSITION_FILE}`,
      'tag app.log',
      '# The first line counts too; by default only what is written after the start is read.',
      'read_from_head true',
      'follow_inodes true',
      'refresh_interval 2s',
      'rotate_wait 5s',
      `max_line_size ${MAX_LINE}`,
      ...block('parse', model.json ? ['@type json', 'time_type string'] : ['@type none']),
    ]),
    ...block('source', [
      '# For the liveness probe only: it says nothing of the configuration.',
      '@type monitor_agent',
      '@id health',
      `bind "#{ENV['${POD_IP_VARIABLE}'] || '0.0.0.0'}"`,
      `port ${model.healthPort}`,
      'include_config false',
    ]),
    ...block('match app.log', [...model.output._lines, ...buffer(model)]),
    ...block('label @FLUENT_LOG', block('match **', ['# Its own log is on standard output already.', '@type null'])),
    '',
  ].join('\n');
}

/** Every bound explicit: by default 64 GiB may wait, and what is in a file buffer at shutdown is left there. */
function buffer(model: FluentdModel): string[] {
  if (!model.output._isBuffered) {
    return [];
  }
  return block('buffer', [
    '@type file',
    `path ${STATE_DIRECTORY}/buffer`,
    `total_limit_size ${model.bufferBytes}`,
    `chunk_limit_size ${Math.min(8 * 2 ** 20, Math.floor(model.bufferBytes / 4))}`,
    'flush_mode interval',
    'flush_interval 1s',
    '# The directory goes with the pod: what is not sent at shutdown is lost.',
    'flush_at_shutdown true',
    '# The app must not stand still because the receiver does: the oldest lines give way.',
    'overflow_action drop_oldest_chunk',
    'retry_max_interval 30s',
    'retry_forever true',
  ]);
}

/**
 * Process 1 of the container. fluentd stops reading as soon as it gets TERM; so the signal waits until in_tail, which
 * looks once a second, has read what the app wrote last.
 */
export const START_SCRIPT = `#!/bin/sh
# Ruby refuses a temporary directory that everybody may write to and that has no sticky bit, as every emptyDir is.
export TMPDIR=/tmp/fluentd
mkdir -p -m 700 "$TMPDIR"
# fluentd makes a URL of the address that it listens on; an address of IPv6 stands in brackets there.
case "$POD_IP" in
  *:*) POD_IP="[$POD_IP]" ;;
esac
fluentd --config /fluentd/etc/fluent.conf --plugin /fluentd/plugins &
child=$!
trap 'sleep 2; kill -TERM "$child"' TERM INT
# A trap ends the wait early: wait again for the child itself.
while kill -0 "$child" 2>/dev/null; do
  wait "$child"
  status=$?
done
exit "$status"
`;

function block(head: string, lines: string[]): string[] {
  return [`<${head}>`, ...lines.map((line) => `  ${line}`), `</${head.split(' ')[0]}>`];
}
