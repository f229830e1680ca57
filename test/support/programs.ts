import { accessSync, constants } from 'fs';
import { delimiter, join } from 'path';

/** Declares a test that runs a program of this machine. */
export type ProgramTest = (name: string, body: jest.ProvidesCallback, timeout?: number) => void;

/** `test` where the program is installed; elsewhere a skipped test whose name says why. */
export function itWith(program: string): ProgramTest {
  if (isInstalled(program)) {
    return test;
  }
  return (name, body, timeout) => test.skip(`${name} (skipped: ${program} is not installed)`, body, timeout);
}

/** Whether a program is on the PATH. */
export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
