import { SharedDirectory } from './shared-directory';
import { instanceOf } from '../manifest/check-input';
import { LogRotation } from './sidecars/log-rotator/log-rotation';

export const DIRECTORY = instanceOf(SharedDirectory, 'make one: SharedDirectory.onDisk(\'/data\', { sizeLimit: Size.mebibytes(64) })');

export const ROTATION = instanceOf(LogRotation, 'use LogRotation.byRotator() or LogRotation.byApp()');
