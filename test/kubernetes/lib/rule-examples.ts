// Prints the examples of all rules as JSON, for the checks.
import { ALL_RULES } from '../../../src/rules';

process.stdout.write(JSON.stringify(ALL_RULES.map(({ id, pack, bad, good, examplesFor, seen }) => ({ id, pack, bad, good, examplesFor, seen }))));
