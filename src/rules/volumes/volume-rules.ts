import { absoluteMountPath } from './absolute-mount-path';
import { claimWithoutGroup } from './claim-without-group';
import { databaseOnEmptyDir } from './database-on-empty-dir';
import { emptyDirSizeLimit } from './empty-dir-size-limit';
import { filesForRootOnly } from './files-for-root-only';
import { memoryVolumeWithinLimit } from './memory-volume-within-limit';
import { missingConfigFile } from './missing-config-file';
import { mountBelowReadOnly } from './mount-below-read-only';
import { mountPathCollision } from './mount-path-collision';
import { mountedVolumeExists } from './mounted-volume-exists';
import { neverWrittenVolume } from './never-written-volume';
import { octalFileMode } from './octal-file-mode';
import { partialStorageLimits } from './partial-storage-limits';
import { readOnlyRootWithoutMount } from './read-only-root-without-mount';
import { relativeSubPath } from './relative-sub-path';
import { rollingUpdateWithClaim } from './rolling-update-with-claim';
import { severalVolumeWriters } from './several-volume-writers';
import { subPathOfConfig } from './sub-path-of-config';
import { uniqueVolumeNames } from './unique-volume-names';
import { unmountedVolume } from './unmounted-volume';
import { unreadVolume } from './unread-volume';
import { unrotatedLogDirectory } from './unrotated-log-directory';
import { validMountPath } from './valid-mount-path';
import { volumeFileModes } from './volume-file-modes';
import { volumesWithinStorageLimit } from './volumes-within-storage-limit';
import { Rule } from '../rule';

/** What the containers of a pod share, in the order in which findings are reported. */
export const VOLUME_RULES: readonly Rule[] = [
  uniqueVolumeNames,
  mountedVolumeExists,
  unmountedVolume,
  validMountPath,
  absoluteMountPath,
  mountPathCollision,
  mountBelowReadOnly,
  relativeSubPath,
  volumeFileModes,
  octalFileMode,
  filesForRootOnly,
  emptyDirSizeLimit,
  unrotatedLogDirectory,
  memoryVolumeWithinLimit,
  partialStorageLimits,
  volumesWithinStorageLimit,
  neverWrittenVolume,
  unreadVolume,
  severalVolumeWriters,
  claimWithoutGroup,
  rollingUpdateWithClaim,
  databaseOnEmptyDir,
  readOnlyRootWithoutMount,
  missingConfigFile,
  subPathOfConfig,
];
