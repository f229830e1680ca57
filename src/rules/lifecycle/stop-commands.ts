import { execText } from '../../manifest/exec';
import { isObject, JsonObject, textOf } from '../../manifest/json';

/** Words of paths at which proxies and agents stop, or stop to accept. */
const STOP_PATHS = 'quitquitquit|shutdown|drain|drain_listeners|stop|quit|exit|terminate';

/** At the root or right below; deeper down the same word may stop anything: `/recordings/7/stop`. */
const STOP_ROUTE = `/(?:(?:-|admin|actuator|v\\d+(?:\\.\\d+)?)/)?(?:${STOP_PATHS})/?`;

/** A request to the container's own program: `curl -XPOST http://localhost:15000/quitquitquit`. */
const STOP_URL = new RegExp(`https?://(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?::\\d+)?${STOP_ROUTE}(?![\\w./-])(?!\\S*inboundonly)`);

const STOP_PATH = new RegExp(`^${STOP_ROUTE}$`);

/** Where a command may begin: after a path, a shell's separator, or a program that runs others. */
const START = '(?:^|[\\s;&|(`\'"/])';

/** Commands by which programs end themselves. */
const STOP_PROGRAMS = new RegExp(`${START}(?:${[
  'nginx (?:[^;&|]* )?-s (?:quit|stop)',
  '(?:apachectl|apache2ctl) (?:-k )?(?:graceful-)?stop',
  '(?:httpd|apache2) (?:[^;&|]* )?-k (?:graceful-)?stop',
  'caddy stop',
  'pg_ctl (?:[^;&|]* )?stop',
  'redis-cli (?:[^;&|]* )?shutdown',
  'supervisorctl (?:[^;&|]* )?(?:stop|shutdown)',
  'linkerd-await (?:[^;&|]* )?(?:--shutdown|-S)',
  'pilot-agent request (?:[^;&|]* )?POST \\S*(?:quitquitquit|drain_listeners(?!\\S*inboundonly))',
].join('|')})(?![\\w-])`, 'i');

/** `kill`, `pkill` and `killall` with their first signal; other options may stand before it. */
const KILL = new RegExp(`${START}(?:kill|pkill|killall5?)(?= )([^;&|]*)`, 'g');

/** Signals that end a program; HUP, USR1, USR2 and 0 make it read its configuration, rotate its logs, or do nothing. */
const ENDING_SIGNAL = /^(?:SIG)?(?:TERM|INT|QUIT|KILL|STOP|15|2|3|9)$/i;

/** Whether a handler ends the program of its container, or makes it refuse work; the words that do it, or undefined. */
export function stopCommand(handler: JsonObject): string | undefined {
  if (isObject(handler.httpGet)) {
    const [path, query = ''] = textOf(handler.httpGet.path).split('?');
    return STOP_PATH.test(path) && !query.includes('inboundonly') ? path : undefined;
  }
  const text = execText(handler);
  // A loop may wait for the app; whether it does cannot be seen.
  if (text === '' || /(?:^|[\s;&|])(?:while|until)\s/.test(text)) {
    return undefined;
  }
  return (STOP_PROGRAMS.exec(text) ?? STOP_URL.exec(text))?.[0].replace(/^[\s;&|(`'"/]/, '') ?? killCommand(text);
}

function killCommand(text: string): string | undefined {
  for (const [words, options] of text.matchAll(KILL)) {
    if (sendsEnd(options.trim().split(/\s+/))) {
      return words.replace(/^[\s;&|(`'"/]/, '').trim();
    }
  }
  return undefined;
}

function sendsEnd(options: string[]): boolean {
  const named = options.findIndex((option) => /^(?:-s|--signal|-n)$/.test(option));
  if (named >= 0) {
    return ENDING_SIGNAL.test(options[named + 1] ?? '');
  }
  const signal = options.find((option) => /^-(?:-signal=)?(?:SIG)?[A-Z]+\d*$|^-(?:-signal=)?\d+$/.test(option));
  // `-l` lists signals; without a signal it is TERM.
  return signal === undefined ? !options.includes('-l') : ENDING_SIGNAL.test(signal.replace(/^-(?:-signal=)?/, ''));
}
