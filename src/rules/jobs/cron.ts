import { didYouMean, likelyMeant, quote } from '../quote';

/** One of the five fields of a schedule. */
interface CronField {
  readonly title: string;
  readonly least: number;
  readonly most: number;
  /** Words for the numbers from `least` on. */
  readonly names: readonly string[];
}

/** What a field asks for. */
interface Wanted {
  readonly numbers: ReadonlySet<number>;
  /** Whether it asks for all by a star. */
  readonly isStar: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly CronField[] = [
  { title: 'minute', least: 0, most: 59, names: [] },
  { title: 'hour', least: 0, most: 23, names: [] },
  { title: 'day of the month', least: 1, most: 31, names: [] },
  { title: 'month', least: 1, most: 12, names: MONTHS },
  { title: 'day of the week', least: 0, most: 6, names: DAYS },
];

/** In a leap year. */
const DAYS_OF_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];
const DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** A problem of a schedule, thrown by the functions that read it: they are called in each other. */
class Unreadable {
  constructor(readonly fact: string) {}
}

/**
 * What is wrong with a schedule: text that the parser of Kubernetes rejects, or dates that never come, which it does not notice.
 *
 * @returns a fact about the schedule, or undefined where nothing is wrong
 * @see https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format
 */
export function problemOfSchedule(schedule: string): string | undefined {
  try {
    if (/TZ/.test(schedule)) {
      return 'names a time zone, and a schedule has none';
    }
    return schedule.startsWith('@') ? problemOfDescriptor(schedule) : problemOfDates(readFields(schedule));
  } catch (error) {
    if (error instanceof Unreadable) {
      return error.fact;
    }
    throw error;
  }
}

function problemOfDescriptor(schedule: string): string | undefined {
  if (DESCRIPTORS.includes(schedule) || schedule.startsWith('@every ') && DURATION.test(schedule.slice('@every '.length))) {
    return undefined;
  }
  return `is none of ${[...DESCRIPTORS, '@every 1h30m'].map(quote).join(', ')}${didYouMean(likelyMeant(schedule, DESCRIPTORS))}`;
}

function readFields(schedule: string): Wanted[] {
  const texts = schedule.split(/\s+/).filter((text) => text !== '');
  if (texts.length !== FIELDS.length) {
    throw new Unreadable(`has ${texts.length} fields and needs ${FIELDS.length}: ${FIELDS.map(({ title }) => title).join(', ')}`);
  }
  return texts.map((text, index) => readField(text, FIELDS[index]));
}

function readField(text: string, field: CronField): Wanted {
  const numbers = new Set<number>();
  let isStar = false;
  for (const part of text.split(',').filter((one) => one !== '')) {
    isStar = addRange(part, field, numbers) || isStar;
  }
  return { numbers, isStar };
}

/** `*`, `5`, `1-5`, and each with a step. A star with a step is no star. */
function addRange(text: string, field: CronField, numbers: Set<number>): boolean {
  const [range, stepText, ...moreSteps] = text.split('/');
  const [startText, endText, ...moreEnds] = range.split('-');
  const isAll = startText === '*' || startText === '?';
  if (moreSteps.length > 0 || !isAll && moreEnds.length > 0) {
    throw new Unreadable(`has ${quote(text)} for the ${field.title}, with too many ${moreSteps.length > 0 ? '"/"' : '"-"'}`);
  }
  const step = stepText === undefined ? 1 : numberIn(stepText, field);
  const start = isAll ? field.least : numberIn(startText, field, field.names);
  const end = isAll || endText === undefined && stepText !== undefined ? field.most : endText === undefined ? start : numberIn(endText, field, field.names);
  if (step === 0 || start > end) {
    throw new Unreadable(`has ${quote(text)} for the ${field.title}, ${step === 0 ? 'with a step of 0' : 'which ends before it starts'}`);
  }
  for (const bound of [start, end]) {
    if (bound < field.least || bound > field.most) {
      const sunday = field.names === DAYS && bound === 7 ? 0 : undefined;
      throw new Unreadable(`has ${quote(bound)} for the ${field.title}, which is from ${field.least} to ${field.most}${didYouMean(sunday)}`);
    }
  }
  for (let number = start; number <= end; number += step) {
    numbers.add(number);
  }
  return isAll && step === 1;
}

function numberIn(text: string, field: CronField, names: readonly string[] = []): number {
  const named = names.indexOf(text.toLowerCase());
  if (named < 0 && !/^\+?\d{1,15}$/.test(text)) {
    throw new Unreadable(`has ${quote(text)} for the ${field.title}, which is no number${names.length > 0 ? ` and none of ${names.join(', ')}` : ''}`);
  }
  return named < 0 ? Number(text) : named + field.least;
}

/** A day is one of the month or, where neither of the two says all, one of the week. */
function problemOfDates([minutes, hours, days, months, weekdays]: Wanted[]): string | undefined {
  const hasDayOfMonth = [...months.numbers].some((month) => [...days.numbers].some((day) => day <= DAYS_OF_MONTHS[month - 1]));
  const hasWeekday = months.numbers.size > 0 && weekdays.numbers.size > 0;
  const comes = days.isStar || weekdays.isStar ? hasDayOfMonth && hasWeekday : hasDayOfMonth || hasWeekday;
  return comes && minutes.numbers.size > 0 && hours.numbers.size > 0 ? undefined : 'never comes: no month that it names has such a day';
}
