/**
 * The YAML parser: the only file that imports it. The published package carries a copy (`scripts/finish-lib.ts`).
 *
 * docs/decisions/0012-yaml-parser-of-the-command.md says why this one.
 */
// eslint-disable-next-line import/no-extraneous-dependencies
export { boolYaml11Tag, constructFromEvents, defineScalarTag, EVENT_ID, Event, FAILSAFE_SCHEMA, getScalarValue, mergeTag, NOT_RESOLVED, nullYaml11Tag, parseEvents, YAMLException } from 'js-yaml';
